import type { TargetFormatInfo } from '../model.ts';
import type { Plan } from '../plan.ts';
import type { Output } from '../outputs.ts';
import type { StageReport } from '../progress.ts';
import type { Sandbox } from '../sandbox.ts';
import type { System } from '../systems.ts';

/** What a format's steps work with. */
export interface FormatContext {
  readonly plan: Plan;
  /** Absolute: new files go here. */
  readonly workDir: string;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  readonly report: (report: StageReport) => void;
}

/** One image format: what to call its file, which kernel its hardware needs, how to get there from a raw disk. */
export interface ImageFormat {
  readonly info: TargetFormatInfo;
  /** What its root is made for, by the hardware it usually runs on. */
  readonly system: System;
  fileType(compress: boolean): { extension: string; mimeType: string };
  /** From the raw disks, or the packed root, to the format's own disk file; the path of the result. */
  convert(output: Output, context: FormatContext): Promise<string>;
  /** From that to what a person downloads; the path of the result. */
  pack(converted: string, context: FormatContext): Promise<string>;
}
