import { createHash } from 'node:crypto';

/** A short, stable name for a set of inputs: all that JSON says of them. */
export function shortHash(...inputs: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
}
