// `npm run package [-- FILE]`: makes the .vsix, in the project's folder unless told otherwise.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { bundle } from './build.ts';
import { runMain } from './lib/interruption.ts';
import { root } from './lib/root.ts';
import { writeNotices } from './licenceNotices.ts';

/** What goes into the package besides the bundles and the manifest. */
const parts = [
  '.vscodeignore',
  'package.nls.json',
  'package.nls.fr.json',
  'l10n',
  'media',
  'examples',
  'schemas',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

/**
 * Bundles for release and packs; returns the path of the .vsix. It is put together in a folder of its own: a
 * test that runs at the same time keeps its `dist/`, and only what is named here gets in. Nothing is looked
 * up outside.
 */
export async function packageExtension(file?: string): Promise<string> {
  const staging = await mkdtemp(join(tmpdir(), 'af-package-'));
  try {
    const manifest = {
      ...(await readManifest()),
      scripts: undefined,
      dependencies: undefined, // all of them are in the bundles
      devDependencies: undefined,
      optionalDependencies: undefined,
    };
    await writeFile(join(staging, 'package.json'), JSON.stringify(manifest, undefined, 2));
    for (const part of parts) await cp(join(root, part), join(staging, part), { recursive: true });
    const metafile = await bundle({ minify: true, outdir: join(staging, 'dist') });
    await writeNotices(metafile, join(staging, 'dist/NOTICES.txt'));
    const packagePath = resolve(root, file ?? `${manifest.name}-${manifest.version}.vsix`);
    await createVSIX({
      cwd: staging,
      packagePath,
      dependencies: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
    });
    return packagePath;
  } finally {
    await rm(staging, { recursive: true });
  }
}

interface Manifest {
  name: string;
  version: string;
}

async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
}

if (import.meta.main) {
  await runMain(async ([file]) => {
    console.log(await packageExtension(file));
    return 0;
  });
}
