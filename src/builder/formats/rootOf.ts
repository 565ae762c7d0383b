import type { Output } from '../stages/outputs.ts';

/** The packed root of a format that is made from files. */
export function rootOf({ rootTar }: Output): string {
  if (rootTar === undefined) throw new Error('This format is made from files, and there is no root.');
  return rootTar;
}
