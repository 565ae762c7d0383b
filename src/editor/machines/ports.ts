import * as vscode from 'vscode';
import type { Forwarded } from '../../machines/index.ts';
import { isRecord } from '../../uforge/isRecord.ts';
import { Refusal } from '../errors.ts';
import { askInput, pickOne } from '../inputs.ts';
import { hint } from '../messages.ts';
import type { WindowMachine } from './machines.ts';

const sshPort = 22;
const securePorts: readonly number[] = [443, 8443, 9443];

/** Where a port of a machine is reached on this computer. */
export function addressOf({ guest, host }: Forwarded): string {
  if (guest === sshPort) return `127.0.0.1:${host}`;
  return `${securePorts.includes(guest) ? 'https' : 'http'}://127.0.0.1:${host}/`;
}

/**
 * Makes a port of the machine reachable on loopback; asks which one unless it is given. Resolves with where.
 */
export async function forwardPort(
  { machine, title }: WindowMachine,
  given?: unknown,
): Promise<Forwarded | undefined> {
  const text = typeof given === 'number' ? String(given) : await askPort(title);
  if (text === undefined) return undefined;
  const wanted = portsOf(text);
  if (wanted === undefined) throw new Refusal(noPort());
  const known = machine.ports.find(({ guest }) => guest === wanted.guest);
  const port =
    known !== undefined && (wanted.host === undefined || wanted.host === known.host)
      ? known
      : await machine.forward(wanted.guest, wanted.host);
  hint(vscode.l10n.t('Port {0} is at 127.0.0.1:{1}.', port.guest, port.host));
  return port;
}

/** Opens what the machine serves: the row's port, else the one that is forwarded, else one that is asked for. */
export async function openInBrowser(chosen: WindowMachine, row: unknown): Promise<string | undefined> {
  const port = portIn(row) ?? (await webPortOf(chosen));
  if (port === undefined) return undefined;
  // Where the window is on another computer, VS Code makes the way to this one by itself.
  await vscode.env.openExternal(vscode.Uri.parse(addressOf(port)));
  return addressOf(port);
}

async function webPortOf(chosen: WindowMachine): Promise<Forwarded | undefined> {
  const ports = chosen.machine.ports.filter(({ guest }) => guest !== sshPort);
  if (ports.length <= 1) return ports[0] ?? forwardPort(chosen);
  const items = ports.map((port) => ({
    label: vscode.l10n.t('Port {0}', port.guest),
    description: addressOf(port),
    port,
  }));
  return (await pickOne(items, { title: vscode.l10n.t('Open in Browser') }))?.port;
}

async function askPort(title: string): Promise<string | undefined> {
  return askInput({
    title: vscode.l10n.t('Forward a Port of {0}', title),
    prompt: vscode.l10n.t('Port of the machine; 8080:80 leads to it from port 8080 of this computer'),
    value: '80',
    wrong: (value) => (portsOf(value) === undefined ? noPort() : undefined),
  });
}

function noPort(): string {
  return vscode.l10n.t('A port is a number from 1 to 65535.');
}

/** `80`, or as everywhere the one of this computer first: `8080:80`. */
function portsOf(text: string): { readonly guest: number; readonly host?: number } | undefined {
  const match = /^\s*(?:(\d{1,5}):)?(\d{1,5})\s*$/.exec(text);
  if (match === null) return undefined;
  const [host, guest] = [match[1] === undefined ? undefined : Number(match[1]), Number(match[2])];
  const isPort = (port: number): boolean => port >= 1 && port <= 65_535;
  if (!isPort(guest) || (host !== undefined && !isPort(host))) return undefined;
  return host === undefined ? { guest } : { guest, host };
}

/** The row of a port hands over the port. */
function portIn(argument: unknown): Forwarded | undefined {
  const port = isRecord(argument) ? argument['port'] : undefined;
  return isRecord(port) ? (port as unknown as Forwarded) : undefined;
}
