import { createHash } from 'node:crypto';
import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chunksIn } from '../disk/chunks.ts';
import { copySparse } from '../disk/copySparse.ts';
import { usedBytes } from '../disk/usedBytes.ts';
import type { Artifact } from '../model.ts';
import { wipeContents } from '../sandbox/wipe.ts';
import { kindOf } from './image.ts';
import { readPackages } from './unpackedRoot.ts';
import type { Stage, StageContext } from './stage.ts';
import type { BuildFacts } from './buildFacts.ts';

/** Where the files of an image lie that are handed out one by one, beside its file. */
const filesFolder = 'files';

const gzip = 'application/gzip';
const tar = 'application/x-tar';

/** By the last part of a file's extension. */
const mimeTypes: Readonly<Record<string, string>> = {
  ...{ gz: gzip, tar, box: tar, raw: 'application/octet-stream', ova: 'application/ovf' },
  ...{ qcow2: 'application/x-qemu-disk', vmdk: 'application/x-vmdk', vdi: 'application/x-virtualbox-vdi' },
  ...{ vhd: 'application/x-vhd', vhdx: 'application/x-vhdx-disk', iso: 'application/x-iso9660-image' },
  ipxe: 'text/plain',
};

/** Gives the finished file its name, works out its hashes and removes everything else from the work folder. */
export function storedImage({ plan, format }: BuildFacts, inputs: readonly Stage[]): Stage<Artifact> {
  return {
    name: 'stored',
    title: 'store',
    inputs,
    measuredAs: `store ${kindOf({ plan, format })}`,
    async run(making) {
      const {
        request,
        inputs: [packed = '', source = ''],
      } = making;
      const names = await readdir(packed);
      const image = names.find((name) => name.startsWith('image.')) ?? '';
      const fileExtension = image.slice('image.'.length);
      const fileName = `${plan.fileBase}.${fileExtension}`;
      const path = join(request.workDir, fileName);
      const isShared = (await stat(join(packed, image))).nlink > 1;
      if (isShared) await copyOfOwn(join(packed, image), path, making);
      else await rename(join(packed, image), path);
      const filesDir = join(request.workDir, filesFolder);
      const hasFiles = names.includes(filesFolder);
      if (hasFiles) await rename(join(packed, filesFolder), filesDir);
      const sums = await checksums(path, isShared ? 0.5 : 0, making);
      const packages = await readPackages(source);
      await wipeContents(request.workDir, [fileName, filesFolder]);
      const mimeType = mimeTypes[fileExtension.replace(/^.*\./, '')] ?? '';
      return { ...(hasFiles && { filesDir }), path, fileName, fileExtension, mimeType, ...sums, packages };
    },
  };
}

/** What is in the cache as it is, such as a raw disk: whoever writes into the image must not write into the cache. */
async function copyOfOwn(source: string, target: string, context: StageContext): Promise<void> {
  const { sandbox, signal, report, needs } = context;
  await needs(await usedBytes(source));
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
