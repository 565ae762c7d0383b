import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import { distributionOfRelease } from '../plan/distributions.ts';
import { mainOnly, mirrorSources, preferences, sourceLine, type PlannedSources } from '../plan/sources.ts';
import type { Plan } from '../plan/plan.ts';
import { giveFolderToBuild } from '../sandbox/identity.ts';

/** Where packages come from. */
export interface PackageSources extends PlannedSources {
  readonly release: DebianRelease;
  readonly mirror: string;
}

export function sourcesOf({ release, mirror, sources }: Plan): PackageSources {
  return { release, mirror, ...sources };
}

/**
 * A folder apt works in instead of the computer's own `/etc/apt` and `/var/lib`: sources, lists, archives and an
 * empty dpkg status, that is a system where nothing is installed yet. Use it with `APT_CONFIG=<folder>/apt.conf`.
 *
 * Its sources are everything, and there are lists of parts of them: `base.list` has the release's `main` alone,
 * `mirror.list` all that comes from the mirror, `repository-0.list` … one archive each of those a template names, whose
 * lists arrive in `lists-0` ….
 * @param keyring with the keys that the mirror's lists are signed with; the distribution's unless given
 */
export async function makeAptFolder(
  folder: string,
  { release, mirror, repositories, ...wanted }: PackageSources,
  keyring = distributionOfRelease(release).keyring,
): Promise<void> {
  await mkdir(join(folder, 'lists/partial'), { recursive: true });
  await mkdir(join(folder, 'archives/partial'), { recursive: true });
  await mkdir(join(folder, 'cache'), { recursive: true });
  await mkdir(join(folder, 'log'), { recursive: true });
  await writeFile(join(folder, 'status'), '');
  // apt sees its folder and no other.
  const keys = join(folder, 'keys.gpg');
  await copyFile(keyring, keys);
  const signed = (by: string, i386 = wanted.i386): string[] => [
    `arch=${architectures(i386)}`,
    `signed-by=${by}`,
  ];
  const ofMirror = (parts: typeof mainOnly | typeof wanted): string[] =>
    mirrorSources(release, mirror, parts).map((source) => sourceLine(source, signed(keys, parts.i386)));
  const ofRepositories: string[] = [];
  for (const [index, { source, key }] of repositories.entries()) {
    const file = join(folder, `repository-${index}.asc`);
    await writeFile(file, key);
    await mkdir(join(folder, `lists-${index}/partial`), { recursive: true });
    const line = sourceLine(source, signed(file));
    await writeFile(join(folder, `repository-${index}.list`), line);
    ofRepositories.push(line);
  }
  await writeFile(join(folder, 'base.list'), ofMirror(mainOnly).join(''));
  await writeFile(join(folder, 'mirror.list'), ofMirror(wanted).join(''));
  await writeFile(join(folder, 'sources.list'), [...ofMirror(wanted), ...ofRepositories].join(''));
  await writeFile(join(folder, 'preferences'), preferences(repositories));
  await writeFile(join(folder, 'apt.conf'), aptConfiguration(folder, wanted.i386));
  await giveFolderToBuild(folder);
}

function architectures(i386: boolean): string {
  return i386 ? 'amd64,i386' : 'amd64';
}

function aptConfiguration(folder: string, i386: boolean): string {
  const settings: Readonly<Record<string, string>> = {
    Dir: folder,
    'Dir::Etc': folder,
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': '/dev/null',
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': join(folder, 'preferences'),
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::Etc::trusted': '/dev/null',
    'Dir::Etc::trustedparts': '/dev/null',
    'Dir::State': folder,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::State::extended_states': join(folder, 'extended_states'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Cache::archives': join(folder, 'archives'),
    'Dir::Log': join(folder, 'log'),
    'APT::Architecture': 'amd64',
    'APT::Architectures': architectures(i386),
    'APT::Sandbox::User': 'root',
    'APT::Install-Recommends': 'false',
    'APT::Update::Error-Mode': 'any',
    'Acquire::ForceHash': 'SHA256',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '20',
    'Acquire::https::Timeout': '20',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} "${value}";\n`)
    .join('');
}

/** apt's status line about a transfer, `dlstatus:<n>:<percent>:<text>`; undefined for any other line. */
export function transferPercent(statusLine: string): number | undefined {
  const percent = /^dlstatus:\d+:([\d.]+):/.exec(statusLine)?.[1];
  return percent === undefined ? undefined : Number(percent);
}

/** apt's status line about dpkg, `pmstatus:<package>:<percent>:<text>`. */
export function installStatus(statusLine: string): { percent: number; text: string } | undefined {
  const found = /^pmstatus:[^:]*(?::\w+)?:([\d.]+):(.*)$/.exec(statusLine);
  return found === null ? undefined : { percent: Number(found[1]), text: found[2] ?? '' };
}
