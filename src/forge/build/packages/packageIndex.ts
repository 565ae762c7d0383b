import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOf, type DebianRelease } from '../debian.ts';
import type { Plan } from '../plan.ts';
import type { Sandbox } from '../sandbox.ts';
import { makeAptFolder, transferPercent } from './aptFolder.ts';

/** An index younger than this is used as it is: building a second format needs no network. */
const freshForMs = 10 * 60_000;

/**
 * The lock is flock's: it is gone with the process that holds it. apt replaces lists by renaming, so hard links
 * keep what they were made from even when another build refreshes the index right after.
 */
const script = `
exec 9> "$INDEX/lock"
flock 9
if [ "$REFRESH" = yes ]; then
  APT_CONFIG="$APT/apt.conf" apt-get -q -o APT::Status-Fd=3 -o Dir::State::lists="$INDEX/lists" update 9>&-
  : > "$INDEX/refreshed"
fi
rm -rf "$APT/lists"
cp -al "$INDEX/lists" "$APT/lists" 2> /dev/null || { rm -rf "$APT/lists"; cp -a "$INDEX/lists" "$APT/lists"; }
`;

/** Where the cache keeps the lists of a release: `lists/`, and `refreshed`, as old as they are. */
export function indexFolder(cacheDir: string, { codename }: DebianRelease, mirror: string): string {
  return join(cacheDir, 'index', `${codename}-${keyOf(mirror)}`);
}

/** Brings the mirror's package lists up to date in the cache and gives this build its own view of them. */
export async function preparePackageIndex(request: {
  plan: Plan;
  cacheDir: string;
  /** This build's apt folder; made here. */
  aptFolder: string;
  sandbox: Sandbox;
  onProgress: (fraction: number) => void;
}): Promise<void> {
  const { plan, aptFolder, sandbox } = request;
  const index = indexFolder(request.cacheDir, plan.release, plan.mirror);
  await mkdir(join(index, 'lists/partial'), { recursive: true });
  await makeAptFolder(aptFolder, plan.release, plan.mirror);
  await sandbox.run(script, {
    env: { INDEX: index, APT: aptFolder, REFRESH: (await isFresh(join(index, 'refreshed'))) ? 'no' : 'yes' },
    onStatus: (line) => {
      const percent = transferPercent(line);
      if (percent !== undefined) request.onProgress(percent / 100);
    },
  });
}

async function isFresh(stamp: string): Promise<boolean> {
  const refreshed = await stat(stamp).catch(() => undefined);
  return refreshed !== undefined && Math.abs(Date.now() - refreshed.mtimeMs) < freshForMs;
}
