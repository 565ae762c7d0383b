import type { TargetFormatFacts } from '../../appliance/catalog/targetFormats.ts';
import type { StageReport } from '../model.ts';
import type { Plan } from '../plan/plan.ts';
import type { Target } from '../plan/systems.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** What a format's steps work with. */
export interface FormatContext {
  readonly plan: Plan;
  /** A folder with the files that it starts from, absolute: of this build, which may move them on. */
  readonly from: string;
  /** A new folder for the files that it makes. */
  readonly into: string;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  readonly report: (report: StageReport) => void;
}

/** What a step writes, in terms of what it starts from: rather too much than too little. 0: nothing to speak of. */
interface Room {
  readonly convert: number;
  readonly pack: number;
}

/** What is left of a root when it is compressed; a third is usual. */
export const compressedShare = 0.6;

/** What a finished image is in the end, for tools that look at it. */
export type ImageShape =
  | 'raw disk'
  | 'raw disk in tar'
  | 'qcow2'
  | 'vmdk'
  | 'vhd'
  | 'vhdx'
  | 'vdi'
  | 'OVA of VirtualBox'
  | 'OVA of VMware'
  | 'Vagrant box'
  | 'KVM archive'
  | 'Xen archive'
  | 'OCI archive'
  | 'LXC archive'
  | 'root in tar'
  | 'live ISO'
  | 'network boot';

/** How to get from raw disks (`disk1.raw` …), or from a packed root (`root.tar`), to the one file of an image. */
export interface ImageMaking {
  readonly shape: ImageShape;
  /** How much room its two steps take. */
  room(plan: Plan): Room;
  /** To the format's own files. */
  convert(context: FormatContext): Promise<void>;
  /**
   * Present where the cache keeps those, because they take long and are the same in several formats: what they are, and
   * all of the plan that they depend on.
   */
  kept?(plan: Plan): { readonly label: string; readonly options: unknown } | undefined;
  /**
   * From those to what a person downloads, called `image.` and its extension; and a folder `files` with what the server
   * hands out one by one, where that file alone is not the image.
   */
  pack(context: FormatContext): Promise<void>;
}

/** One image format: its name and a sentence, what its root is made for, and how it is made. */
export interface ImageFormat extends Target, ImageMaking {
  readonly info: TargetFormatFacts & {
    readonly description: string;
    /** Debian packages that an image has for its platform, unless its template says no. */
    readonly tools: readonly string[];
  };
}
