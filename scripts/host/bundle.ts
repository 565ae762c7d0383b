import { globSync } from 'node:fs';
import { cp, mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { bundle } from '../build.ts';
import { Failure } from '../lib/interruption.ts';
import { root } from '../lib/root.ts';
import type { Plan } from './plan.ts';

/** An extension folder of one run, with the bundled tests in it. */
export interface HostBundle {
  extension: string;
  /** What VS Code imports as `extensionTestsPath`. */
  entry: string;
}

/** What VS Code reads of an extension besides its code. */
const parts = ['package.json', 'package.nls.json', 'package.nls.fr.json', 'l10n', 'media', 'examples'];

/**
 * Bundles the extension, the entry and the test files (all of test/host, or those named) into a folder of
 * this run: two runs in one clone don't disturb each other. The folder is below the project, so that npm
 * packages resolve.
 */
export async function bundleHostTests(
  files: readonly string[],
  plan: Omit<Plan, 'files'>,
): Promise<HostBundle> {
  const sources = files.length > 0 ? files : globSync('test/host/**/*.test.ts', { cwd: root });
  const tests = sources.map((file) => relative(root, join(root, file))).sort();
  if (tests.length === 0) throw new Failure('There is no file test/host/**/*.test.ts.');
  await mkdir(join(root, 'out'), { recursive: true });
  const extension = await mkdtemp(join(root, 'out/host-'));
  for (const part of parts) await cp(join(root, part), join(extension, part), { recursive: true });
  await bundle({ minify: false, outdir: join(extension, 'dist') });
  const outdir = join(extension, 'out');
  const outOf = (file: string) => file.replace(/\.ts$/, '');
  await build({
    entryPoints: [
      { in: 'scripts/host/entry.ts', out: 'index' },
      ...tests.map((file) => ({ in: file, out: outOf(file) })),
    ],
    absWorkingDir: root,
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node22',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  const full: Plan = { ...plan, files: tests.map((file) => `${outOf(file)}.js`) };
  await writeFile(join(outdir, 'plan.json'), JSON.stringify(full));
  return { extension, entry: join(outdir, 'index.js') };
}
