import type { Cache } from '../cache/cache.ts';
import type { Keys } from '../cache/keys.ts';
import type { TargetFormatInfo } from '../model.ts';
import type { Output } from '../stages/outputs.ts';
import type { Plan } from '../plan/plan.ts';
import type { StageReport } from '../stages/progress.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { System } from '../plan/systems.ts';
import type { DiskFile } from './diskFiles.ts';

/** What a format's steps work with. */
export interface FormatContext {
  readonly plan: Plan;
  /** Absolute: new files go here. */
  readonly workDir: string;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  readonly report: (report: StageReport) => void;
  readonly log: (line: string) => void;
  readonly cache: Cache;
  readonly keys: Keys;
}

/** What a person downloads. */
export interface Packed {
  /** In the work folder. */
  readonly path: string;
  /** Without the leading dot. */
  readonly extension: string;
  readonly mimeType: string;
  /** A folder in the work folder with what the server hands out one by one, where the file alone is not the image. */
  readonly filesDir?: string;
}

/** What a step writes, in terms of what it starts from: rather too much than too little. 0: nothing to speak of. */
export interface Room {
  readonly convert: number;
  readonly pack: number;
}

/** What is left of a root when it is compressed; a third is usual. */
export const compressedShare = 0.6;

/** One image format: its name, what its root is made for, and how to get there from disks or from a packed root. */
export interface ImageFormat {
  readonly info: TargetFormatInfo;
  /** By the hardware it usually runs on. */
  readonly system: System;
  /** What its disks are converted to, where the cache may have that already. */
  readonly file?: DiskFile;
  /** How much room its two steps take. */
  room(plan: Plan): Room;
  /** From the raw disks, or the packed root, to the format's own files; their paths, in their order. */
  convert(output: Output, context: FormatContext): Promise<readonly string[]>;
  /** From those to the one file a person downloads. */
  pack(converted: readonly string[], output: Output, context: FormatContext): Promise<Packed>;
}
