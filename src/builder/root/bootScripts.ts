import { mendedBootScript } from '../../appliance/archive/bootScriptText.ts';
import type { PlannedBootScript } from '../plan/bundles.ts';
import { runBootScript, runBootScriptText, scriptFolder, stateFolder } from './runBootScript.ts';

/** A file of the root file system; `path` is absolute there. */
export interface RootFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string | Uint8Array;
}

/** A boot script with its name in the appliance. */
interface NamedScript extends PlannedBootScript {
  readonly unit: string;
}

/**
 * The scripts as they run: by their order, of the same order as the template has them, first those of bundles. systemd
 * knows each by the name of its unit.
 */
export function orderedBootScripts(scripts: readonly PlannedBootScript[]): NamedScript[] {
  return scripts
    .toSorted((a, b) => a.order - b.order)
    .map((script, index) => ({ ...script, unit: unitName(script, index) }));
}

/**
 * Each script is a systemd unit of its own. They run one after the other once all that the machine starts by itself has
 * started: what they set up is there, and one that hangs holds nothing up. What they print goes to the console and the
 * journal; `systemctl --failed` shows the ones that failed.
 */
export function bootScriptFiles(
  scripts: readonly PlannedBootScript[],
  contentOf: (script: PlannedBootScript) => Uint8Array,
): RootFile[] {
  if (scripts.length === 0) return [];
  const ordered = orderedBootScripts(scripts);
  return [
    { path: runBootScript, mode: 0o755, content: runBootScriptText },
    ...ordered.flatMap((script, index) => [
      {
        path: `${scriptFolder}/${script.unit}`,
        mode: 0o755,
        content: mendedBootScript(contentOf(script)),
      },
      {
        path: `/etc/systemd/system/${script.unit}.service`,
        mode: 0o644,
        content: unitFile(script, ordered[index - 1]),
      },
    ]),
  ];
}

function unitName({ name, frequency }: PlannedBootScript, index: number): string {
  const slug =
    name
      .replace(/[^A-Za-z0-9]+/g, '-')
      .slice(0, 100)
      .replace(/^-+|-+$/g, '') || 'script';
  return `appliance-${frequency}-${String(index + 1).padStart(2, '0')}-${slug}`;
}

/** With a user systemd sets HOME, USER, LOGNAME and SHELL. */
function unitFile(
  { name, frequency, timeLimit, unit }: NamedScript,
  previous: NamedScript | undefined,
): string {
  const isFirst = frequency === 'firstboot';
  const description = name.replace(/[\r\n%\\]/g, ' ');
  return [
    '[Unit]',
    `Description=${isFirst ? 'First-boot' : 'Boot'} script ${description}`,
    'Wants=network-online.target',
    `After=multi-user.target network-online.target${previous === undefined ? '' : ` ${previous.unit}.service`}`,
    ...(isFirst ? [`ConditionPathExists=!${stateFolder}/${unit}.done`] : []),
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    'User=root',
    'TimeoutStartSec=infinity',
    // Only the program that waits for the script is told of a shutdown.
    ...(isFirst ? ['KillMode=mixed'] : []),
    `ExecStart=${runBootScript} ${unit} ${frequency} ${timeLimit}`,
    'StandardOutput=journal+console',
    'StandardError=journal+console',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}
