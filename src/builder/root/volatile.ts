import type { Plan } from '../plan/plan.ts';
import { orderedBootScripts } from './bootScripts.ts';
import { textFile, type RootOption } from './part.ts';
import { stateFolder } from './runBootScript.ts';

/** What of the bundles is in folders that a boot empties, until the boot scripts have run. */
const kept = `${stateFolder}/volatile.tar`;

/** Puts it there. */
export const putVolatileBack = `tar -C / --no-overwrite-dir --keep-directory-symlink -xpf ${kept}`;

const back = 'appliance-volatile.service';
const drop = 'appliance-volatile-done.service';

/** Whether a boot empties the folder a path is in: /run is in memory, so is Debian 13's /tmp; tmpfiles.d(5) clears others. */
export function isVolatile(path: string): boolean {
  return /^\/+(tmp|run|var\/+(run|lock))(\/|$)/.test(path);
}

/** Whether an image may have any of it: an archive's own folders are not looked at. */
export function hasVolatile({ bundles }: Pick<Plan, 'bundles'>): boolean {
  return bundles.files.some(
    ({ target, extract }) => isVolatile(target) || (extract && /^\/+(var\/*)?$/.test(target)),
  );
}

/** Runs inside the root once the bundles are complete; these folders are the sandbox's own there. */
export const keepVolatileScript = `
tar -t --quoting-style=literal < /run/build/bundles.tar |
  sed -nE 's,^var/(run|lock)/,\\1/,; s,^lock/,run/lock/,; /^(tmp|run)\\/./p' > /run/volatile
if [ -s /run/volatile ]; then
  mkdir -p ${stateFolder}
  tar -C / --no-recursion --numeric-owner --verbatim-files-from -T /run/volatile -cf ${kept}
fi
`;

/** They are there before anything else starts, at every boot as long as a script may still need them. */
const backUnit = `[Unit]
Description=Files of bundles in folders that a boot empties
DefaultDependencies=no
Conflicts=shutdown.target
ConditionPathExists=${kept}
RequiresMountsFor=/tmp /run /var/lib
After=local-fs.target systemd-tmpfiles-setup.service
Before=sysinit.target shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${putVolatileBack}

[Install]
WantedBy=sysinit.target
`;

function dropUnit(units: readonly string[]): string {
  return `[Unit]
Description=Files of bundles in folders that a boot empties are not needed any more
ConditionPathExists=${kept}
${units.map((unit) => `ConditionPathExists=${stateFolder}/${unit}.done\nAfter=${unit}.service\n`).join('')}After=multi-user.target

[Service]
Type=oneshot
ExecStart=/usr/bin/rm -f ${kept}

[Install]
WantedBy=multi-user.target
`;
}

/** Bundle files below /tmp, /run and the like, as the examples of hammr have them for their boot scripts. */
export const volatileFiles: RootOption = (plan) => {
  if (!hasVolatile(plan)) return {};
  const scripts = orderedBootScripts(plan.bootScripts);
  const isNeverDone = scripts.some(({ frequency }) => frequency === 'everyboot');
  const dropped = isNeverDone
    ? []
    : [textFile(`/etc/systemd/system/${drop}`, dropUnit(scripts.map(({ unit }) => unit)))];
  return {
    files: [textFile(`/etc/systemd/system/${back}`, backUnit), ...dropped],
    units: [back, ...(isNeverDone ? [] : [drop])],
  };
};
