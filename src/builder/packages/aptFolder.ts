import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import { sourcesList } from '../plan/debian.ts';
import { giveFolderToBuild } from '../sandbox/identity.ts';

const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * A folder apt works in instead of the computer's own `/etc/apt` and `/var/lib`: sources, lists, archives and an
 * empty dpkg status, that is a system where nothing is installed yet. Use it with `APT_CONFIG=<folder>/apt.conf`.
 * @param keyring with the keys that the mirror's lists are signed with
 */
export async function makeAptFolder(
  folder: string,
  release: DebianRelease,
  mirror: string,
  keyring = debianKeyring,
): Promise<void> {
  await mkdir(join(folder, 'lists/partial'), { recursive: true });
  await mkdir(join(folder, 'archives/partial'), { recursive: true });
  await mkdir(join(folder, 'cache'), { recursive: true });
  await mkdir(join(folder, 'log'), { recursive: true });
  await writeFile(join(folder, 'status'), '');
  // apt sees its folder and no other.
  const keys = join(folder, 'keys.gpg');
  await copyFile(keyring, keys);
  await writeFile(join(folder, 'sources.list'), sourcesList(release, mirror, keys));
  await writeFile(join(folder, 'apt.conf'), aptConfiguration(folder));
  await giveFolderToBuild(folder);
}

function aptConfiguration(folder: string): string {
  const settings: Readonly<Record<string, string>> = {
    Dir: folder,
    'Dir::Etc': folder,
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': '/dev/null',
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
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
    'APT::Architectures': 'amd64',
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
