import type { PlannedBootScript } from '../plan/bundles.ts';

/** A file of the root file system; `path` is absolute there. */
export interface RootFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string | Uint8Array;
}

/** Where the scripts themselves are in the appliance. */
const scriptFolder = '/usr/lib/appliance-forge/boot';

/** A boot script in the appliance: its file, the unit that runs it, and the unit's name. */
export interface InstalledBootScript {
  readonly unit: string;
  readonly files: readonly RootFile[];
}

/**
 * Each script is a systemd unit of its own: they run in their order, one after the other, once the network is up;
 * what they print goes to the console and the journal; `systemctl --failed` shows the ones that failed.
 */
export function installBootScripts(
  scripts: readonly PlannedBootScript[],
  contentOf: (script: PlannedBootScript) => Uint8Array,
): InstalledBootScript[] {
  const ordered = scripts.toSorted((a, b) => a.order - b.order || a.name.localeCompare(b.name));
  const names = ordered.map((script, index) => unitBase(script, index));
  return ordered.map((script, index) => {
    const base = names[index] ?? '';
    const previous = names[index - 1];
    return {
      unit: `${base}.service`,
      files: [
        { path: `${scriptFolder}/${base}`, mode: 0o755, content: contentOf(script) },
        {
          path: `/etc/systemd/system/${base}.service`,
          mode: 0o644,
          content: unitFile(script, base, previous),
        },
      ],
    };
  });
}

function unitBase(script: PlannedBootScript, index: number): string {
  const slug =
    script.name
      .replace(/[^A-Za-z0-9]+/g, '-')
      .slice(0, 100)
      .replace(/^-+|-+$/g, '') || 'script';
  return `appliance-${script.frequency}-${String(index + 1).padStart(2, '0')}-${slug}`;
}

/** A first-boot script has run once its marker is there, whatever it returned: a retry could do harm. */
function unitFile(script: PlannedBootScript, base: string, previous: string | undefined): string {
  const marker = `/var/lib/appliance-forge/${base}.done`;
  const isFirst = script.frequency === 'firstboot';
  const description = script.name.replace(/[\r\n%\\]/g, ' ');
  return [
    '[Unit]',
    `Description=${isFirst ? 'First-boot' : 'Boot'} script ${description}`,
    'Wants=network-online.target',
    `After=network-online.target${previous === undefined ? '' : ` ${previous}.service`}`,
    ...(isFirst ? [`ConditionPathExists=!${marker}`] : []),
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    'TimeoutStartSec=infinity',
    ...(isFirst ? [`ExecStartPre=/usr/bin/install -D -m 644 /dev/null ${marker}`] : []),
    `ExecStart=${scriptFolder}/${base}`,
    'StandardOutput=journal+console',
    'StandardError=journal+console',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}
