import { createHash } from 'node:crypto';
import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chunksIn } from '../disk/chunks.ts';
import { copySparse } from '../disk/copySparse.ts';
import type { Artifact, InstalledPackage } from '../model.ts';
import { usedBytes } from './space.ts';
import { wipeContents } from '../sandbox/wipe.ts';
import type { Packed } from '../formats/format.ts';
import type { StageContext } from './stage.ts';

/** Where the files of an image lie that are handed out one by one, beside its file. */
export const filesFolder = 'files';

/** Gives the finished file its name, works out its hashes and removes everything else from the work folder. */
export async function store(
  packed: Packed,
  packages: readonly InstalledPackage[],
  context: StageContext,
): Promise<Artifact> {
  const { plan, request } = context;
  const { extension, mimeType, filesDir } = packed;
  const fileName = `${plan.fileBase}.${extension}`;
  const path = join(request.workDir, fileName);
  const isShared = (await stat(packed.path)).nlink > 1;
  if (isShared) await copyOfOwn(packed.path, path, context);
  else await rename(packed.path, path);
  const files = join(request.workDir, filesFolder);
  if (filesDir !== undefined) await rename(filesDir, files);
  const sums = await checksums(path, isShared ? 0.5 : 0, context);
  await wipeContents(request.workDir, [fileName, filesFolder]);
  return {
    ...(filesDir !== undefined && { filesDir: files }),
    path,
    fileName,
    fileExtension: extension,
    mimeType,
    ...sums,
    packages,
  };
}

/** What is in the cache as it is, such as a raw disk: whoever writes into the image must not write into the cache. */
async function copyOfOwn(source: string, target: string, context: StageContext): Promise<void> {
  const { request, sandbox, signal, report, needs } = context;
  await needs(request.workDir, await usedBytes(source));
  const activity = 'a copy of its own';
  const onProgress = (bytesLoaded: number, bytesTotal: number): void =>
    report({ fraction: (0.5 * bytesLoaded) / bytesTotal, activity, bytesLoaded, bytesTotal });
  await copySparse({ source, target, sandbox, signal, onProgress });
}

/** @param from the fraction of the stage that is done already */
async function checksums(
  path: string,
  from: number,
  { report, signal }: StageContext,
): Promise<{ size: number; sha256: string; md5: string }> {
  const { size } = await stat(path);
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  let bytesLoaded = 0;
  for await (const chunk of chunksIn(path)) {
    signal.throwIfAborted();
    sha256.update(chunk);
    md5.update(chunk);
    bytesLoaded += chunk.length;
    const fraction = from + (1 - from) * (bytesLoaded / size);
    report({ fraction, activity: 'checksums', bytesLoaded, bytesTotal: size });
  }
  return { size, sha256: sha256.digest('hex'), md5: md5.digest('hex') };
}
