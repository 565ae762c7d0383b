import { totalmem } from 'node:os';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { imageFileAt, MachineError, startMachine, type ImageFile } from '../../machines/index.ts';
import type { TicketStore } from '../../tickets/store.ts';
import { applianceLabel, imageIds, type Ticket } from '../../tickets/ticket.ts';
import { displayLanguage } from '../displayLanguage.ts';
import { assertTrusted, whyNotStarted } from '../definitions/trust.ts';
import { ActionableError, offer, Refusal, runs } from '../errors.ts';
import type { Downloads } from '../images/downloadImage.ts';
import { ticketFor, ticketIn } from '../images/pickTicket.ts';
import { askInput } from '../inputs.ts';
import { inform } from '../messages.ts';
import { withProgress } from '../progress.ts';
import type { Servers } from '../server/servers.ts';
import type { StartedFrom } from './endedWithWindow.ts';
import type { Machines } from './machines.ts';
import type { WindowMachine } from './windowMachine.ts';
import { openedPorts } from './openedPorts.ts';
import { withInstallation } from './missingQemu.ts';

export interface StartContext {
  readonly machines: Machines;
  readonly store: TicketStore;
  readonly servers: Servers;
  readonly downloads: Downloads;
}

/** What is to be started, and how the machine is called. */
interface Chosen {
  readonly image: ImageFile;
  readonly title: string;
  readonly from: StartedFrom;
  /** Besides 22. */
  readonly ports?: readonly number[];
}

/** What a machine says that is up: the prompt of `login`, or of a shell that nobody has to log in to. */
const upPattern = /\S login: |\w+@\S+[#$] $/;
/** Emulated, with the first start's work, a machine takes minutes. */
const startMs = 15 * 60_000;
/** A machine that has said nothing for so long has no serial console. */
const silentMs = 60_000;

/**
 * Starts an image: that of a ticket, which is downloaded first, or a file. Shows its console at once, and its
 * progress until it asks for a login. Resolves with the machine's id.
 */
export async function startImage(argument: unknown, context: StartContext): Promise<string | undefined> {
  const chosen = await choose(argument, context);
  const memory = chosen && (await memoryHere(chosen));
  if (chosen === undefined || memory === undefined) return undefined;
  const { machines } = context;
  let started: WindowMachine | undefined;
  const outcome = await withProgress(vscode.l10n.t('Starting {0}', chosen.title), async (report, signal) => {
    const language = await displayLanguage();
    const machine = await startMachine(chosen.image, {
      ...memory,
      keepChanges: true,
      ...(machines.accelerator && { accelerator: machines.accelerator }),
      ports: (chosen.ports ?? []).filter((guest) => guest !== 22).map((guest) => ({ guest })),
      progress: (said) => report({ message: said.in(language) }),
      signal,
    });
    started = machines.add(machine, chosen.title, chosen.from);
    started.console.show(true);
    report({ message: vscode.l10n.t('Waiting for its login prompt') });
    await untilUp(started, signal);
  }).catch(async (error: unknown) => {
    throw await withInstallation(error);
  });
  if (outcome.kind === 'done') return started?.machine.id;
  await started?.machine.stop();
  return undefined;
}

async function choose(argument: unknown, context: StartContext): Promise<Chosen | undefined> {
  if (argument instanceof vscode.Uri) return fileAt(argument);
  const { store } = context;
  if (ticketIn(argument) === undefined && !store.all().some(startable)) {
    const files = await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Start Image'),
      openLabel: vscode.l10n.t('Start'),
    });
    return files?.[0] && fileAt(files[0]);
  }
  const ticket = await ticketFor(argument, store, {
    title: vscode.l10n.t('Start Image'),
    placeHolder: vscode.l10n.t('Image to start'),
    none: vscode.l10n.t('This needs an image that is done and was requested with compress.'),
    fits: startable,
  });
  return ticket && ofTicket(ticket, context);
}

function startable({ downloadable }: Ticket): boolean {
  return downloadable;
}

async function fileAt(uri: vscode.Uri): Promise<Chosen> {
  // A machine reaches the network as this computer does.
  assertTrusted(whyNotStarted());
  if (uri.scheme !== 'file')
    throw new Refusal(vscode.l10n.t('{0} is not on a disk of this computer: copy it there first.', uri.path));
  return { image: await imageFileAt(uri.fsPath), title: basename(uri.fsPath), from: uri.toString() };
}

/** Its file is downloaded unless it is on this computer; then it starts without its server, too. */
async function ofTicket(ticket: Ticket, { servers, downloads }: StartContext): Promise<Chosen | undefined> {
  const path = await downloads.fileOf(ticket);
  if (path === undefined) return undefined;
  const { server, uri, targetFormat } = ticket;
  const asked = servers.client(server).then((client) => client.machineImage_get(imageIds(ticket)));
  const memory = Number((await asked.catch(() => undefined))?.installProfile?.memorySize ?? 0);
  return {
    image: { path, targetFormat, ...(memory > 0 && { memoryMb: memory }) },
    title: `${applianceLabel(ticket)} · ${targetFormat}`,
    from: { server, uri },
    ports: await openedPorts(ticket.definition),
  };
}

/** What was made for a larger computer starts here with what the person says; `undefined` when they leave it. */
async function memoryHere({ image, title }: Chosen): Promise<{ readonly memoryMb?: number } | undefined> {
  const here = Math.floor(totalmem() / 2 ** 20);
  const { memoryMb = 0 } = image;
  if (memoryMb < here) return {};
  const wrong = (text: string): string | undefined =>
    /^\d+$/.test(text) && Number(text) >= 64 && Number(text) < here
      ? undefined
      : vscode.l10n.t('A number of MB from 64 to {0}.', here - 1);
  const prompt = vscode.l10n.t(
    'It was made for {0} MB of memory, and this computer has {1}. Memory to start it with, in MB',
    memoryMb,
    here,
  );
  const text = await askInput({
    ...{ title: vscode.l10n.t('Starting {0}', title), prompt, wrong },
    value: String(Math.floor(here / 2)),
  });
  return text === undefined ? undefined : { memoryMb: Number(text) };
}

/** Resolves when the machine is up, has ended (which is told where it is), or has nothing to say. */
async function untilUp({ machine, title, console }: WindowMachine, signal: AbortSignal): Promise<void> {
  if (machine.accelerator === 'container') return; // what it says is its own
  const showScreen = runs(vscode.l10n.t('Show Screen'), 'showScreen', { machine });
  try {
    await machine.console.until(/\S/, { timeoutMs: silentMs, signal });
    await machine.console.until(upPattern, { timeoutMs: startMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (machine.state === 'ended') return;
    if (!(error instanceof MachineError)) throw error;
    if (error.kind === 'timeUp' && machine.console.text.trim() === '') {
      const message = vscode.l10n.t('{0} says nothing on its serial console. Its screen may.', title);
      void offer(inform, message, [showScreen]);
      return;
    }
    const why = error.said.in(await displayLanguage());
    const message = vscode.l10n.t('{0} does not come up. {1}', title, why);
    const showConsole = { title: vscode.l10n.t('Show Console'), run: () => console.show() };
    throw new ActionableError(message, [showConsole, showScreen], { cause: error });
  }
}
