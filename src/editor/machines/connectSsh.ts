import { once } from 'node:events';
import { connect } from 'node:net';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { visibleLine } from '../../uforge/visibleText.ts';
import { Refusal } from '../errors.ts';
import { withProgress } from '../progress.ts';
import { askInput } from '../inputs.ts';
import type { WindowMachine } from './machines.ts';

/** SSH says who it is at once; a machine that is still starting does not. */
const bannerMs = 5000;

/** A terminal in the machine through SSH: with the key of this start where the image takes it, else as the person says. */
export async function connectSsh(chosen: WindowMachine): Promise<vscode.Terminal | undefined> {
  const { machine, title } = chosen;
  const port = machine.access?.port ?? machine.ports.find(({ guest }) => guest === 22)?.host;
  const asked = await withProgress(vscode.l10n.t('Connecting to {0}', title), (_report, signal) =>
    answersAsSsh(port, signal),
  );
  if (asked.kind === 'cancelled') return undefined;
  if (port === undefined || !asked.value) {
    const console = { title: vscode.l10n.t('Show Console'), run: () => chosen.console.show() };
    const message = vscode.l10n.t(
      'No SSH answers in {0}. It may still be starting, or its image has no openssh-server.',
      title,
    );
    throw new Refusal(message, [console]);
  }
  const user =
    machine.access?.user ??
    (await askInput({
      title: vscode.l10n.t('Connect to {0}', title),
      prompt: vscode.l10n.t('User in the machine'),
      value: 'root',
      wrong: (value) =>
        /^[a-z_][\w.-]*\$?$/i.test(value) ? undefined : vscode.l10n.t('This is no name of a user.'),
    }));
  if (user === undefined) return undefined;
  const terminal = vscode.window.createTerminal({
    name: visibleLine(`SSH: ${title}`),
    shellPath: 'ssh',
    shellArgs: sshArguments({ id: machine.id, user, port, keyFile: machine.access?.keyFile }),
    iconPath: new vscode.ThemeIcon('remote'),
    isTransient: true,
  });
  terminal.show();
  return terminal;
}

/**
 * The machine's host key is as new as the machine: it is believed, and never written among the person's own.
 */
function sshArguments(to: { id: string; user: string; port: number; keyFile: string | undefined }): string[] {
  const { id, user, port, keyFile } = to;
  const known = keyFile === undefined ? devNull : join(dirname(keyFile), 'known_hosts');
  const options = [`UserKnownHostsFile=${known}`, 'StrictHostKeyChecking=accept-new', `HostKeyAlias=${id}`];
  const key = keyFile === undefined ? [] : ['-i', keyFile, '-o', 'IdentitiesOnly=yes'];
  return [...options.flatMap((option) => ['-o', option]), ...key, '-p', String(port), `${user}@127.0.0.1`];
}

async function answersAsSsh(port: number | undefined, cancelled: AbortSignal): Promise<boolean> {
  if (port === undefined) return false;
  const socket = connect(port, '127.0.0.1');
  const signal = AbortSignal.any([cancelled, AbortSignal.timeout(bannerMs)]);
  try {
    const [bytes] = (await once(socket, 'data', { signal })) as [Buffer];
    return bytes.toString('latin1').startsWith('SSH-');
  } catch {
    cancelled.throwIfAborted();
    return false; // refused, closed or silent: all the same to who wants to log in
  } finally {
    socket.destroy();
  }
}
