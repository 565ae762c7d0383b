import type { Metafile } from 'esbuild';

/** What a window may be made to wait for, and what people may be made to download. */
export const budgets = { loadMs: 40, activateMs: 15, activationKb: 300, javascriptKb: 1750, packageKb: 2048 };

export interface Sizes {
  /** What the extension can't start without: its bundle and the chunks it imports statically. KB. */
  readonly activationKb: number;
  /**
   * All JavaScript the extension and the command line can come to load; the forge is a program of its own.
   * KB.
   */
  readonly javascriptKb: number;
}

/** What the bundles weigh, from esbuild's own account of them. */
export function sizesOf({ outputs }: Metafile): Sizes {
  const entry = (source: string): string => {
    const found = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === source);
    if (found === undefined) throw new Error(`There is no bundle of ${source}.`);
    return found;
  };
  const reached = (entries: readonly string[], lazy: boolean): Set<string> => {
    const files = new Set(entries);
    for (const file of files) {
      for (const { path, kind } of outputs[file]?.imports ?? []) {
        if (outputs[path] !== undefined && (lazy || kind === 'import-statement')) files.add(path);
      }
    }
    return files;
  };
  const weight = (files: Iterable<string>): number =>
    [...files].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0) / 1024;
  const extension = entry('src/extension.ts');
  return {
    activationKb: weight(reached([extension], false)),
    javascriptKb: weight(reached([extension, entry('src/cli/main.ts')], true)),
  };
}
