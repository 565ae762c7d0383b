import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { LocatedSource, OutsideSource } from './outsideSources.ts';
import type { Finding } from '../text/problem.ts';
import { sentence, type Sentence } from '../../uforge/language/sentence.ts';

/** What is behind a source on this computer, or why a template can't be packed with it; nothing when nobody needs it. */
export async function lookAtSource(
  path: string,
  isOptional = false,
): Promise<{ readonly found?: Stats; readonly problem?: Sentence }> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined && isOptional) return {};
  if (found === undefined)
    return { problem: sentence`There is no file ${path}. Create it or correct the path.` };
  if (found.isFile() || found.isDirectory()) return { found };
  return { problem: sentence`${path} is neither a file nor a folder.` };
}

/**
 * The files a template names that can't be packed, most often because they are not there. What is outside its folder
 * is not looked for (`outsideSources`).
 */
export async function missingSources(
  sources: readonly LocatedSource[],
  outside: readonly OutsideSource[],
): Promise<readonly Finding[]> {
  const elsewhere = new Set(outside.map(({ source }) => source));
  const looked = sources.filter(({ source }) => !elsewhere.has(source));
  const found = await Promise.all(
    looked.map(async ({ path, range, optional }): Promise<readonly Finding[]> => {
      const { problem: message } = await lookAtSource(path, optional);
      return message === undefined ? [] : [{ message, severity: 'error', range, code: 'missing-file' }];
    }),
  );
  return found.flat();
}
