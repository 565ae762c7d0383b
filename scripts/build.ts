// `npm run build`: bundles what runs. One pass with shared chunks: extension, forge and cli use the same
// client.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build, context, type BuildOptions as EsbuildOptions, type Metafile } from 'esbuild';
import { runMain } from './lib/interruption.ts';
import { root } from './lib/root.ts';

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
 * The extension, the forge and the cli as ES modules. What the code imports with `import()` becomes a chunk
 * that is read only when it is needed: activation pays for nothing else.
 */
function programs({ minify, outdir }: BuildOptions): EsbuildOptions & { metafile: true } {
  return {
    metafile: true,
    entryPoints: [
      { in: 'src/extension.ts', out: 'extension' },
      { in: 'src/forge/process/main.ts', out: 'forge' },
      { in: 'src/builder/disk/compressor.ts', out: 'compressor' },
      { in: 'src/builder/plan/hasher.ts', out: 'hasher' },
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
    // What it gives Node asks for its parts with a `require` that no bundler sees.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    banner: { js: requireForLibraries },
    minify,
    charset: 'utf8',
    sourcemap: minify ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
  };
}

/** Bundles all that runs; returns what went into which file. */
export async function bundle(options: BuildOptions): Promise<Metafile> {
  const { outdir } = options;
  const metafiles = [(await build(programs(options))).metafile, (await build(pages(options))).metafile];
  const metafile: Metafile = {
    inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)) as Metafile['inputs'],
    outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)) as Metafile['outputs'],
  };
  await removeStale(outdir, new Set(Object.keys(metafile.outputs).map((file) => join(root, file))));
  return metafile;
}

const webviewPages = ['requestForm', 'ticketPage', 'machineScreen'];

/** The pages that run inside of VS Code's web views: browser code, on its own. */
function pages({ minify, outdir }: BuildOptions): EsbuildOptions & { metafile: true } {
  return {
    metafile: true,
    entryPoints: webviewPages.flatMap((page) => [`src/webview/${page}.ts`, `src/webview/${page}.css`]),
    absWorkingDir: root,
    outdir: join(outdir, 'webview'),
    bundle: true,
    format: 'esm', // noVNC waits at its top level
    platform: 'browser',
    target: 'chrome132',
    minify,
    legalComments: 'none',
    logLevel: 'warning',
  };
}

/**
 * Bundles again whenever a file changes, until the signal. .vscode/tasks.json waits for the lines that it
 * writes.
 */
async function watch(options: BuildOptions, signal: AbortSignal): Promise<void> {
  const contexts = [await context(pages(options)), await context({ ...programs(options), logLevel: 'info' })];
  for (const each of contexts) await each.watch();
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  for (const each of contexts) await each.dispose();
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Removes what earlier builds have left. Chunks are kept for a day: a forge that was started from them
 * outlives the command that started it, and may read one only now.
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
  await runMain(async ([option], signal) => {
    if (option === '--watch') await watch({ minify: false, outdir: dist }, signal);
    else await bundle({ minify: false, outdir: dist });
    return 0;
  });
}
