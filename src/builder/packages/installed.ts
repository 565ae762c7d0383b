import type { InstalledPackage } from '../model.ts';
import { qualifiedName } from './aptSays.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

const script =
  'exec dpkg-query --admindir="$ROOT/var/lib/dpkg" --show ' +
  "--showformat='${db:Status-Status}\\t${Package}\\t${Version}\\t${Architecture}\\t${Installed-Size}\\n'";

/** What dpkg says is installed in a root; `requested` are the names that are no mere dependencies. */
export async function readInstalledPackages(
  root: string,
  requested: readonly string[],
  sandbox: Sandbox,
): Promise<InstalledPackage[]> {
  const output = await sandbox.run(script, { env: { ROOT: root }, reads: [root], capture: true });
  return parsePackageTable(output, new Set(requested));
}

/** Lines of status, name, version, architecture and installed size (KiB), separated by tabs. */
export function parsePackageTable(table: string, requested: ReadonlySet<string>): InstalledPackage[] {
  return table.split('\n').flatMap((line) => {
    const [status, name = '', fullVersion = '', arch = '', size = ''] = line.split('\t');
    if (status !== 'installed') return [];
    return [
      {
        name,
        ...splitVersion(fullVersion),
        arch,
        size: Number(size) * 1024,
        profile: requested.has(qualifiedName({ name, arch })),
      },
    ];
  });
}

/** A Debian version as UForge has it: the revision behind the last hyphen is the release. */
export function splitVersion(full: string): { version: string; release?: string } {
  const hyphen = full.lastIndexOf('-');
  return hyphen < 0 ? { version: full } : { version: full.slice(0, hyphen), release: full.slice(hyphen + 1) };
}
