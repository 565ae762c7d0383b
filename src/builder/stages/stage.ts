import type { Cache, EntryKind } from '../cache/cache.ts';
import { shortHash } from '../cache/shortHash.ts';
import type { BuildRequest, StageReport } from '../model.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { StageName } from './progress.ts';

/** What every stage works with. */
export interface StageContext {
  readonly request: BuildRequest;
  readonly cache: Cache;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  readonly report: (report: StageReport) => void;
  readonly log: (line: string) => void;
  /**
   * Throws a `BuildError` when there are not so many bytes free for the work folder, and for what the cache keeps where
   * that is on another disk.
   */
  readonly needs: (bytes: number, kept?: number) => Promise<void>;
}

/** A stage at work. */
export interface Making extends StageContext {
  /** The folders with the outputs of its inputs, in their order. */
  readonly inputs: readonly string[];
  /** The new folder for its output; nobody writes into it afterwards. */
  readonly into: string;
  /** Whether the cache has the output of another stage; if so, this build has it from now on. */
  readonly isKept: (other: Stage) => Promise<boolean>;
}

/** A step of a build: it turns the outputs of others into one output, a folder of files. See `Runner` for all else. */
export interface Stage<T = void> {
  /** No two stages of a build have the same one. */
  readonly name: string;
  /** What a person reads while it goes on; neighbours may share one. */
  readonly title: StageName;
  readonly inputs: readonly Stage[];
  /**
   * Exactly what the output depends on besides the inputs. The text of its scripts is a part of that: a script that is
   * changed makes another key by itself. Absent: nothing that is kept is made of the output.
   */
  readonly options?: unknown;
  /** Where the cache keeps the output; the label is for who looks into its folder. */
  readonly kept?: { readonly kind: EntryKind; readonly label: string };
  /** What its time is remembered by; its name where that says enough. */
  readonly measuredAs?: string;
  /**
   * Bytes that it writes, rather too much than too little: when it is made out of so many bytes, or when it was kept and
   * is opened.
   */
  readonly room?: (from: number, isOpened: boolean) => number;
  readonly run: (making: Making) => Promise<T>;
  /**
   * Of a layer: does with what was kept what making it would have left behind, the root as it is then. It needs its inputs
   * for that, and its files no more.
   */
  readonly open?: (making: Omit<Making, 'inputs'>) => Promise<void>;
}

/** The name of a stage's output in the cache: the hash of its name, its options and its inputs' keys. */
export function keyOf({ name, options, inputs }: Stage): string {
  return shortHash(name, options, inputs.map(keyOf));
}
