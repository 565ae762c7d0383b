import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { shortHash } from '../cache/shortHash.ts';
import { profilePackages } from '../plan/debian.ts';
import { systemPackages } from '../plan/systems.ts';
import { sourcesOf } from './aptFolder.ts';
import { writeWhole } from '../../uforge/writeWhole.ts';
import { indexFolder } from './packageIndex.ts';
import { questions, type Resolution, type Wishes } from './resolve.ts';

const sumLength = 64;
const forgottenAfterMs = 7 * 24 * 3600_000;

interface Question extends Omit<Wishes, 'elsewhere'> {
  readonly cacheDir: string;
}

/**
 * What apt decided when it was asked the same about the same state of the mirror; else it is asked now. That takes apt
 * two seconds and more, most of what is left to do for another format. Packages of bundles are always looked at anew.
 */
export async function rememberedResolution(
  question: Question,
  resolve: () => Promise<Resolution>,
): Promise<Resolution> {
  const { plan, local, cacheDir } = question;
  if (local.files.length > 0) return await resolve();
  const folder = join(indexFolder({ ...sourcesOf(plan), cacheDir }), 'resolutions');
  const file = join(folder, `${await keyOfQuestion(question)}.json`);
  const known = await read(file);
  if (known !== undefined) return known;
  const resolution = await resolve();
  await remember(folder, file, resolution);
  return resolution;
}

async function keyOfQuestion({ plan, local, needed, aptFolder }: Question): Promise<string> {
  const hash = createHash('sha256');
  const lists = join(aptFolder, 'lists');
  for (const name of (await readdir(lists)).filter((each) => each.endsWith('Release')).sort())
    hash.update(`${name}\n`).update(await readFile(join(lists, name)));
  const { release, system, profile, packages, withoutPackages, recommends } = plan;
  const installed = [
    systemPackages(system, release),
    profilePackages(release, profile),
    needed,
    local.wanted,
  ];
  const wishes = [packages, withoutPackages, recommends, installed];
  return shortHash(questions, hash.digest('hex'), sourcesOf(plan), system.name, wishes);
}

async function read(file: string): Promise<Resolution | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    const json = text.slice(sumLength);
    return text.startsWith(sumOf(json)) ? (JSON.parse(json) as Resolution) : undefined;
  } catch {
    // Not there.
    return undefined;
  }
}

/** Stands in front of what is remembered: what is damaged is as good as forgotten. */
function sumOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}

/** It only saves time: a disk too full for it is no reason to end a build. */
async function remember(folder: string, file: string, resolution: Resolution): Promise<void> {
  try {
    const json = JSON.stringify(resolution);
    await writeWhole(file, sumOf(json) + json);
    for (const name of await readdir(folder)) {
      const { mtimeMs } = await stat(join(folder, name));
      if (Date.now() - mtimeMs > forgottenAfterMs) await rm(join(folder, name), { force: true });
    }
  } catch {
    // Asked again next time.
  }
}
