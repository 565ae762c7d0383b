import type { Sandbox } from '../sandbox/sandbox.ts';

/** What every writer of a disk file gets. */
export interface DiskWriting {
  /** A raw, sparse disk. */
  readonly source: string;
  readonly target: string;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  /** Bytes so far, and in all. */
  readonly onProgress: (done: number, total: number) => void;
}
