import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitCodes, type ExitCode } from '../generate/exitCodes.ts';
import { imageFileAt, MachineError, startMachine, type Machine, type MachineEnd } from '../machines/index.ts';
import type { StartArguments } from './arguments.ts';
import type { Environment, Keyboard } from './environment.ts';
import { Failure, Interrupted } from './failure.ts';
import { Terminal } from './terminal.ts';

/** Ctrl-], as of telnet and virsh: it means nothing to a shell. */
const endKey = '\x1d';

/**
 * Starts a finished image with its console here, until it shows what is waited for, or ends.
 * @throws {Failure} that says why it did not come up
 */
export async function start(args: StartArguments, environment: Environment): Promise<ExitCode> {
  try {
    return await running(args, environment);
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    const code = error.kind === 'input' ? exitCodes.input : exitCodes.machine;
    throw new Failure(code, error.message, error.detail);
  }
}

async function running(args: StartArguments, environment: Environment): Promise<ExitCode> {
  const { file, format, until, ports, memoryMb, firmware, keep } = args;
  const { keyboard, signal } = environment;
  const [terminal, notes] = [new Terminal(environment.out), new Terminal(environment.errors)];
  if (keep !== undefined && (await isThere(keep)))
    throw new Failure(exitCodes.input, `${keep} is there already: --keep writes a new file.`);
  const bar = (text: string): void => (notes.canMove ? notes.bar(text) : undefined);
  const image =
    format === undefined ? await imageFileAt(resolve(file)) : { path: resolve(file), targetFormat: format };
  await using machine = await startMachine(image, {
    ...{ ports, signal, keepChanges: keep !== undefined },
    ...(memoryMb !== undefined && { memoryMb }),
    ...(firmware !== undefined && { firmware }),
    progress: (message) => bar(String(message)),
    onText: (text) => {
      notes.clearBar();
      terminal.console(text);
    },
  });
  for (const line of introduction(machine)) notes.line(line);
  const left = Promise.withResolvers<undefined>();
  const canType = keyboard?.isTTY === true && terminal.canMove;
  if (canType) notes.line('Ctrl-] ends the machine.');
  using typing = canType ? typingInto(machine, keyboard, () => left.resolve(undefined)) : undefined;
  const waiting =
    until === undefined ? machine.ended.then(refuseFailure) : machine.console.until(until.pattern, until);
  const seen = await Promise.race([waiting, left.promise, interruption(signal)]);
  if (seen === undefined && until !== undefined) throw new Interrupted();
  typing?.[Symbol.dispose]();
  if (keep !== undefined) {
    const progress = (percent: number): void => bar(`Writing ${keep}: ${Math.floor(percent)} %`);
    await machine.saveAs(resolve(keep), { signal, progress });
    notes.line(`Written: ${keep}`);
  }
  return exitCodes.done;
}

function introduction({ accelerator, memoryMb, ports, access }: Machine): readonly string[] {
  const by = accelerator === 'tcg' ? 'without KVM, which is slow' : 'with KVM';
  const how = accelerator === 'container' ? 'as a container' : `${by}, in ${memoryMb} MB`;
  return [
    `The machine runs ${how}.`,
    ...ports.map(({ guest, host }) => `Port ${guest} is 127.0.0.1:${host} here.`),
    ...(access === undefined
      ? []
      : [
          `ssh -i ${access.keyFile} -p ${access.port} ${access.user}@127.0.0.1 lets in, where the image has systemd 252 ` +
            'or later and an SSH server.',
        ]),
  ];
}

/** Every key is the machine’s, Ctrl-C, too. */
function typingInto(machine: Machine, keyboard: Keyboard, leave: () => void): Disposable {
  const type = (text: string): void => {
    if (text.includes(endKey)) leave();
    // eslint-disable-next-line no-restricted-syntax -- No terminal: it goes to the machine.
    else machine.console.write(text);
  };
  keyboard.setRawMode(true);
  keyboard.setEncoding('utf8');
  keyboard.on('data', type);
  return {
    [Symbol.dispose]() {
      keyboard.off('data', type);
      keyboard.setRawMode(false);
      keyboard.pause();
    },
  };
}

function refuseFailure({ kind, message, detail = '' }: MachineEnd): MachineEnd['kind'] {
  if (kind === 'poweredOff') return kind;
  throw new Failure(exitCodes.machine, message, detail);
}

function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const aborted = (): void => reject(signal.reason as Error);
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted, { once: true });
  });
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
