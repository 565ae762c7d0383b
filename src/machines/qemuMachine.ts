import { EventEmitter } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { createInterface } from 'node:readline';
import { sentence, type Sentence } from '../uforge/language/sentence.ts';
import { messageOf } from '../uforge/messageOf.ts';
import type { StreamConsole } from './console.ts';
import type { Disk } from './disks.ts';
import { convertDisk } from './overlays.ts';
import type { MachineFolder } from './machineFolder.ts';
import { MachineError } from './machineError.ts';
import type {
  Access,
  Accelerator,
  Forwarded,
  ImageFile,
  Machine,
  MachineEnd,
  MachineState,
} from './model.ts';
import { firstNetwork, overlayName } from './qemuArguments.ts';
import type { QemuProcess } from './qemuProcess.ts';

/** What a machine is made of. */
export interface MachineParts {
  readonly image: ImageFile;
  readonly accelerator: Accelerator;
  readonly memoryMb: number;
  readonly folder: MachineFolder;
  readonly disks: readonly Disk[];
  readonly screen: string;
  readonly qemu: QemuProcess;
  readonly console: StreamConsole;
  /** The private key that was handed in. */
  readonly keyFile?: string;
  readonly keepChanges: boolean;
  /** What goes with the machine: its folder, servers of its own. */
  readonly belongings: AsyncDisposableStack;
}

/** The last line of a kernel that has panicked. */
const panic = 'end Kernel panic';

/** A machine in QEMU: what QEMU tells of it, and what it is told. */
export class QemuMachine implements Machine {
  readonly id: string;
  readonly image: ImageFile;
  readonly accelerator: Accelerator;
  readonly startedAt = Date.now();
  readonly memoryMb: number;
  readonly console: StreamConsole;
  readonly screen: string;
  readonly ended: Promise<MachineEnd>;
  readonly #parts: MachineParts;
  readonly #changes = new EventEmitter<{ change: [] }>().setMaxListeners(0);
  readonly #ports: Forwarded[] = [];
  #state: MachineState = 'starting';
  #end: Omit<MachineEnd, 'message'> | undefined;

  constructor(parts: MachineParts) {
    this.#parts = parts;
    this.id = parts.folder.id;
    ({ image: this.image, accelerator: this.accelerator, memoryMb: this.memoryMb } = parts);
    ({ console: this.console, screen: this.screen } = parts);
    parts.qemu.qmp.onEvent((name, data) => this.#hear(name, data));
    this.ended = this.#untilEnded();
    // Without QEMU it rejects, and whoever starts the machine says so: it may be that nobody waits for the end yet.
    this.ended.catch(() => undefined);
    this.console.onText((text) => this.#watch(text));
    createInterface({ input: parts.qemu.firmware })
      .on('line', (line) => this.#hearFirmware(line))
      .on('error', () => undefined);
  }

  get state(): MachineState {
    return this.#state;
  }

  get ports(): readonly Forwarded[] {
    return this.#ports;
  }

  get access(): Access | undefined {
    const { keyFile } = this.#parts;
    const port = this.#ports.find(({ guest }) => guest === 22)?.host;
    return keyFile === undefined || port === undefined ? undefined : { user: 'root', keyFile, port };
  }

  onChange(listener: () => void): Disposable {
    this.#changes.on('change', listener);
    return { [Symbol.dispose]: () => void this.#changes.off('change', listener) };
  }

  async forward(guest: number, host = 0): Promise<Forwarded> {
    const { qmp } = this.#parts.qemu;
    const before = await this.#forwarded();
    const said = await this.#asking(
      qmp.monitor(`hostfwd_add ${firstNetwork} tcp:127.0.0.1:${host}-:${guest}`),
    );
    if (said.trim() !== '')
      throw new MachineError(
        'input',
        sentence`Port ${host} of this computer can’t be had: another program has it, or it is the system’s.`,
        said.trim(),
      );
    const after = await this.#forwarded();
    const added = after.find(
      (each) => each.guest === guest && !before.some(({ host: had }) => had === each.host),
    );
    if (added === undefined) throw new MachineError('failed', sentence`Port ${guest} is not forwarded.`);
    this.#ports.push(added);
    this.#changes.emit('change');
    return added;
  }

  async powerButton(): Promise<void> {
    await this.#asking(this.#parts.qemu.qmp.ask('system_powerdown'));
  }

  async reset(): Promise<void> {
    this.console.restart();
    await this.#asking(this.#parts.qemu.qmp.ask('system_reset'));
  }

  async stop(): Promise<void> {
    if (this.#state === 'ended') return;
    this.#end ??= { kind: 'stopped', said: sentence`The machine was stopped.` };
    this.#parts.qemu.kill();
    await this.ended;
  }

  async saveAs(
    path: string,
    { progress, signal }: { progress?: (percent: number) => void; signal?: AbortSignal } = {},
  ): Promise<void> {
    const { disks, folder, qemu, keepChanges } = this.#parts;
    if (disks.length === 0)
      throw new MachineError('input', sentence`The machine has no disk: there is nothing to keep.`);
    if (this.#state === 'ended' && !keepChanges)
      throw new MachineError('ended', sentence`The machine has ended, and what it wrote is gone.`);
    const runs = this.#state === 'running';
    // QEMU writes all it holds back before it says that the machine has paused.
    if (runs) await this.#asking(qemu.qmp.ask('stop'));
    const done: string[] = [];
    try {
      for (const [index, { format }] of disks.entries()) {
        const part = `${nameOfDisk(path, index)}.part`;
        done.push(part);
        await convertDisk(join(folder.path, overlayName(index)), part, format, {
          progress: (percent) => progress?.((index * 100 + percent) / disks.length),
          ...(signal && { signal }),
        });
      }
      for (const part of done) await rename(part, part.slice(0, -'.part'.length));
    } catch (error) {
      for (const part of done) await rm(part, { force: true });
      signal?.throwIfAborted();
      if (error instanceof MachineError) throw error;
      throw new MachineError('failed', sentence`${path} can’t be written.`, messageOf(error));
    } finally {
      if (runs && !this.#isOver()) await this.#asking(qemu.qmp.ask('cont'));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Where there is no QEMU, stopping it fails, too.
    await using _belongings = this.#parts.belongings;
    await this.stop();
  }

  /** A property of its own for the compiler, which takes a state that was read for one that stays. */
  #isOver(): boolean {
    return this.#state === 'ended';
  }

  /** What QEMU forwards; it alone knows which port it got where any was good. */
  async #forwarded(): Promise<readonly Forwarded[]> {
    const said = await this.#asking(this.#parts.qemu.qmp.monitor('info usernet'));
    const lines = said.matchAll(/TCP\[HOST_FORWARD\]\s+\d+\s+\S+\s+(\d+)\s+\S+\s+(\d+)/g);
    return Array.from(lines, ([, host, guest]) => ({ host: Number(host), guest: Number(guest) }));
  }

  /** @throws {MachineError} for what QEMU refuses, or does not hear any more */
  async #asking<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (this.#isOver()) throw new MachineError('ended', sentence`The machine has ended.`);
      throw new MachineError('failed', sentence`QEMU refuses: ${messageOf(error)}`);
    }
  }

  #hear(name: string, data: Readonly<Record<string, unknown>>): void {
    if (name === 'RESUME') this.#become('running');
    if (name === 'STOP') this.#become('paused');
    if (name === 'SHUTDOWN' && data['reason'] === 'guest-shutdown')
      this.#end ??= { kind: 'poweredOff', said: sentence`The machine has shut down.` };
    if (name === 'BLOCK_IO_ERROR' && data['nospace'] === true)
      this.#fail('failed', sentence`The machine was stopped: this computer’s disk is full.`);
  }

  #hearFirmware(line: string): void {
    if (line.includes('No bootable device'))
      this.console.giveUp(sentence`The machine’s firmware finds nothing to start from.`);
  }

  #become(state: MachineState): void {
    if (this.#state === 'ended' || this.#state === state) return;
    this.#state = state;
    this.#changes.emit('change');
  }

  /** A kernel that has panicked does nothing any more. */
  #watch(text: string): void {
    // It may have come in pieces.
    if (!this.console.text.slice(-text.length - panic.length).includes(panic)) return;
    this.#fail('panicked', sentence`The machine’s kernel has panicked.`);
  }

  #fail(kind: MachineEnd['kind'], said: Sentence): void {
    this.#end ??= { kind, said };
    this.#parts.qemu.kill();
  }

  async #untilEnded(): Promise<MachineEnd> {
    const { qemu, belongings, keepChanges, console } = this.#parts;
    const code = await qemu.closed;
    const said = this.#end?.said ?? sentence`QEMU has ended (${code}): the machine is gone.`;
    const kind = this.#end?.kind ?? 'failed';
    const detail = [qemu.said().trim(), kind === 'panicked' || kind === 'failed' ? console.lastLines() : '']
      .filter((each) => each !== '')
      .join('\n');
    const end = { kind, said, message: said.toString(), ...(detail !== '' && { detail }) };
    if (!keepChanges) await belongings.disposeAsync();
    console.end(end);
    this.#become('ended');
    return end;
  }
}

function nameOfDisk(path: string, index: number): string {
  if (index === 0) return path;
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-disk${index + 1}${ext}`);
}
