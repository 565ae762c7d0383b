import { connect } from 'node:net';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Machine } from '../../machines/index.ts';
import { sleep, type Clock } from '../../uforge/clock.ts';
import { visibleLine } from '../../uforge/visibleText.ts';
import { Refusal } from '../errors.ts';
import { withProgress } from '../progress.ts';
import { askInput } from '../inputs.ts';
import type { WindowMachine } from './windowMachine.ts';

/** How long a machine has that is still starting, ms, and one try. */
const waitMs = 120_000;
const tryMs = 10_000;
const betweenMs = 1000;

/** What SSH says when the connection is lost stays until it was read; how the last command ended is no failure. */
const untilRead = 'ssh "$@" || [ $? -ne 255 ] || { printf %s "$0"; read -r _; }';

/** A terminal in the machine through SSH: with the key of this start where the image takes it, else as the person says. */
export async function connectSsh(chosen: WindowMachine, clock: Clock): Promise<vscode.Terminal | undefined> {
  const { machine, title } = chosen;
  const waiting = vscode.l10n.t('Waiting for SSH in {0}', title);
  const outcome = await withProgress(waiting, (_report, signal) => untilSsh(machine, clock, signal));
  if (outcome.kind === 'cancelled') return undefined;
  const port = outcome.value;
  if (port === undefined) {
    const console = { title: vscode.l10n.t('Show Console'), run: () => chosen.console.show() };
    const message = vscode.l10n.t(
      'No SSH answers in {0}: its image has no openssh-server, or it has not started.',
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
    shellPath: '/bin/sh',
    shellArgs: [
      '-c',
      untilRead,
      vscode.l10n.t('Enter closes this terminal.'),
      ...sshArguments({ id: machine.id, user, port, keyFile: machine.access?.keyFile }),
    ],
    iconPath: new vscode.ThemeIcon('remote'),
    isTransient: true,
  });
  terminal.show();
  return terminal;
}

/**
 * The machine's host key is as new as the machine: it is believed, and never written among the person's own. `-F`: what
 * they have set up for hosts is not about this one. An agent that is forwarded everywhere would be the image's to use.
 */
function sshArguments(to: { id: string; user: string; port: number; keyFile: string | undefined }): string[] {
  const { id, user, port, keyFile } = to;
  const known = keyFile === undefined ? devNull : join(dirname(keyFile), 'known_hosts');
  const options = [`UserKnownHostsFile=${known}`, 'StrictHostKeyChecking=accept-new', `HostKeyAlias=${id}`];
  const key = keyFile === undefined ? [] : ['-i', keyFile, '-o', 'IdentitiesOnly=yes'];
  return [
    '-F',
    devNull,
    ...options.flatMap((option) => ['-o', option]),
    ...key,
    '-p',
    String(port),
    `${user}@127.0.0.1`,
  ];
}

/** The port of this computer at which the machine's SSH answers; undefined when none does in time. */
async function untilSsh(machine: Machine, clock: Clock, cancelled: AbortSignal): Promise<number | undefined> {
  const port = machine.ports.find(({ guest }) => guest === 22)?.host;
  const ended = new AbortController();
  void machine.ended.then(() => ended.abort());
  const signal = AbortSignal.any([cancelled, ended.signal, AbortSignal.timeout(waitMs)]);
  while (port !== undefined && !signal.aborted) {
    if (await answersAsSsh(port, signal)) return port;
    await sleep(clock, betweenMs, signal).catch(() => undefined);
  }
  cancelled.throwIfAborted();
  return undefined;
}

/** SSH says who it is at once. A port that leads to nobody is opened all the same, and closed again. */
async function answersAsSsh(port: number, signal: AbortSignal): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1', signal, timeout: tryMs });
  socket.on('timeout', () => socket.destroy());
  try {
    for await (const bytes of socket) return (bytes as Buffer).toString('latin1').startsWith('SSH-');
    return false;
  } catch {
    return false; // refused or over: whoever waits asks again
  } finally {
    socket.destroy();
  }
}
