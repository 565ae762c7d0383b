import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isRemote } from './layout.ts';
import type { NamedSource, OutsideSource } from './outsideSources.ts';
import type { Finding } from '../text/problem.ts';
import { sentence } from '../../uforge/language/sentence.ts';

/**
 * The files a template names and that are not there: it can't be packed without them. What is outside its folder is
 * not looked for (`outsideSources`).
 */
export async function missingSources(
  templateFile: string,
  sources: readonly NamedSource[],
  outside: readonly OutsideSource[],
): Promise<readonly Finding[]> {
  const folder = dirname(resolve(templateFile));
  const elsewhere = new Set(outside.map(({ source }) => source));
  const looked = sources.filter(
    ({ source, optional }) => optional !== true && !isRemote(source) && !elsewhere.has(source),
  );
  const found = await Promise.all(
    looked.map(async ({ source, range }): Promise<readonly Finding[]> => {
      const path = resolve(folder, source);
      if (await isThere(path)) return [];
      const message = sentence`There is no file ${path}. Create it or correct the path.`;
      return [{ message, severity: 'error', range, code: 'missing-file' }];
    }),
  );
  return found.flat();
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
