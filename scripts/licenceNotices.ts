import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from './lib/root.ts';

/** Names of the npm packages that ended up in the bundles, sorted. */
export function bundledPackages(metafile: Metafile): string[] {
  const names = Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]),
  );
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/** Writes the licences of the bundled packages: they ask to go along with every copy. */
export async function writeNotices(metafile: Metafile, file: string): Promise<void> {
  const notices = await Promise.all(bundledPackages(metafile).map(noticeOf));
  await writeFile(file, notices.join('\n\n---\n\n'));
}

async function noticeOf(name: string): Promise<string> {
  const folder = join(root, 'node_modules', name);
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    license?: string;
  };
  const licenceFile = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = licenceFile
    ? await readFile(join(folder, licenceFile), 'utf8')
    : `Licence: ${license ?? 'none'}`;
  return `${name} ${version} (${license ?? 'see below'})\n\n${text.trim()}\n`;
}
