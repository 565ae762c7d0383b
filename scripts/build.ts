// `npm run build`: bundles what runs. One pass with shared chunks: extension, forge and cli use the same client.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { runMain } from './lib/interruption.ts';
import { root } from './lib/root.ts';
import { lean } from './lean.ts';

export interface BuildOptions {
  /** For the package: small, and without source maps. */
  minify: boolean;
  /** Where the bundles go, an absolute path. */
  outdir: string;
}

/** Bundled CommonJS libraries call `require` for Node's own modules; an ES module has none. */
const requireForLibraries =
  "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);";

/**
 * Bundles the extension, the forge and the cli as ES modules. What the code imports with `import()` becomes a chunk
 * that is read only when it is needed: activation pays for nothing else. Returns what went into which file.
 */
export async function bundle({ minify, outdir }: BuildOptions): Promise<Metafile> {
  const { metafile } = await build({
    metafile: true,
    entryPoints: [
      { in: 'src/extension.ts', out: 'extension' },
      { in: 'src/forge/main.ts', out: 'forge' },
      { in: 'src/forge/build/disk/compressor.ts', out: 'compressor' },
      { in: 'src/forge/build/plan/hasher.ts', out: 'hasher' },
      { in: 'src/cli/main.ts', out: 'cli' },
    ],
    absWorkingDir: root,
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node22', // VS Code 1.105
    external: ['vscode'],
    plugins: [lean],
    banner: { js: requireForLibraries },
    minify,
    charset: 'utf8',
    sourcemap: minify ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
  });
  await bundlePages({ minify, outdir: join(outdir, 'webview') });
  const fresh = new Set(Object.keys(metafile.outputs).map((file) => join(root, file)));
  for (const file of webviewPages.flatMap((page) => [`${page}.js`, `${page}.css`]))
    fresh.add(join(outdir, 'webview', file));
  await removeStale(outdir, fresh);
  return metafile;
}

const webviewPages = ['requestForm', 'ticketPage'];

/** Bundles the pages that run inside of VS Code's web views: browser code, on its own. */
async function bundlePages({ minify, outdir }: BuildOptions): Promise<void> {
  await build({
    entryPoints: webviewPages.flatMap((page) => [`src/webview/${page}.ts`, `src/webview/${page}.css`]),
    absWorkingDir: root,
    outdir,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome132',
    minify,
    legalComments: 'none',
    logLevel: 'warning',
  });
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Removes what earlier builds have left. Chunks are kept for a day: a forge that was started from them outlives the
 * command that started it, and may read one only now.
 */
async function removeStale(outdir: string, fresh: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(outdir, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || fresh.has(file)) continue;
    if (Date.now() - (await stat(file)).mtimeMs > dayMs) await rm(file, { force: true });
  }
}

export const dist = join(root, 'dist');

if (import.meta.main) {
  await runMain(async () => {
    await bundle({ minify: false, outdir: dist });
    return 0;
  });
}
