import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Template } from '../../src/appliance/template/model/template.ts';
import { parseTemplate } from '../../src/appliance/template/parseTemplate.ts';
import { build, type Artifact, type BuildProgress } from '../../src/builder/index.ts';
import { wipe } from '../../src/builder/sandbox/wipe.ts';
import { effectiveInstallation } from '../../src/forge/images/effectiveInstallation.ts';
import { spreadFolders } from '../../src/forge/process/spreadFolders.ts';
import type { Image } from '../../src/uforge/dto.ts';

const repository = resolve(import.meta.dirname, '../..');

/** Where packages and base roots are kept between tests. */
export const cacheDir = process.env['FORGE_CACHE'] ?? join(repository, '.cache/forge');

/** A folder of the test's own, removed with it, whoever owns what is inside. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'forge-build-'));
  await spreadFolders(path);
  return { path, [Symbol.asyncDispose]: () => wipe(path) };
}

/** A template of `examples/`. */
export async function exampleTemplate(name: string): Promise<{ template: Template; filesDir: string }> {
  return await templateIn(join('examples', name));
}

/** A template of `test/appliances/`. */
export async function testAppliance(name: string): Promise<{ template: Template; filesDir: string }> {
  return await templateIn(join('test/appliances', name));
}

async function templateIn(folder: string): Promise<{ template: Template; filesDir: string }> {
  const filesDir = join(repository, folder);
  const { template, problems } = parseTemplate(
    await readFile(join(filesDir, 'template.yml'), 'utf8'),
    'yaml',
  );
  if (template === undefined) throw new Error(`${folder}: ${problems.map((p) => p.message).join('; ')}`);
  return { template, filesDir };
}

/** The same under a name no build had before: nothing but packages and the base root comes from the cache. */
export async function exampleNeverBuilt(name: string): ReturnType<typeof exampleTemplate> {
  const { template, filesDir } = await exampleTemplate(name);
  return {
    template: { ...template, stack: { ...template.stack, name: `${name}-${randomUUID()}` } },
    filesDir,
  };
}

/** One build with everything it said. */
export interface TestBuild {
  readonly artifact: Promise<Artifact>;
  readonly progress: readonly BuildProgress[];
  readonly log: readonly string[];
  readonly workDir: string;
}

/** Starts a build in a folder; `onProgress` is for tests that act in the middle of it. */
export async function startBuild(
  folder: string,
  { template, filesDir }: { template: Template; filesDir: string },
  image: Image,
  options: {
    signal?: AbortSignal;
    onProgress?: (progress: BuildProgress) => void;
    cacheDir?: string;
    cacheLimit?: number;
  } = {},
): Promise<TestBuild> {
  const workDir = join(folder, `work-${randomUUID()}`);
  await mkdir(workDir);
  // The archive is unpacked somewhere else in the forge, too.
  const unpacked = join(folder, 'files');
  await cp(filesDir, unpacked, { recursive: true, verbatimSymlinks: true });
  const progress: BuildProgress[] = [];
  const log: string[] = [];
  const artifact = build(
    {
      template,
      image,
      installation: effectiveInstallation(template, image).installation,
      filesDir: unpacked,
      revision: 1,
      workDir,
      cacheDir: options.cacheDir ?? cacheDir,
      ...(options.cacheLimit !== undefined && { cacheLimit: options.cacheLimit }),
    },
    {
      progress: (step) => {
        progress.push(step);
        options.onProgress?.(step);
      },
      log: (line) => log.push(line),
    },
    options.signal ?? new AbortController().signal,
  );
  return { artifact, progress, log, workDir };
}
