import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once, EventEmitter } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { sentence } from '../uforge/language/sentence.ts';
import { StreamConsole } from './console.ts';
import { findEngine, loadImage, type Engine } from './containerEngine.ts';
import { MachineError } from './machineError.ts';
import type { Forwarded, ImageFile, Machine, MachineEnd, MachineState, StartOptions } from './model.ts';
import { output } from './program.ts';

/**
 * Becomes the engine's client. Who reads the pipe kills the container when whoever started it has gone without a word.
 */
const keeper =
  'engine=$1 name=$2; shift 2; { read -r over <&3 || "$engine" kill "$name"; } > /dev/null 2>&1 & ' +
  'exec "$engine" "$@" 3<&- 2>&1';

/**
 * Starts the image of a container, on this computer's own kernel.
 * @throws {MachineError} when no engine works here, or it can't read the image
 */
export async function startContainer(image: ImageFile, options: StartOptions): Promise<Machine> {
  const { signal, progress, onText, memoryMb, ports = [] } = options;
  const engine = await findEngine(image, signal);
  progress?.(sentence`Loading the image`);
  const loaded = await loadImage(engine, image, signal);
  await using made = new AsyncDisposableStack();
  if (loaded.isNew) made.defer(() => removeImage(engine, loaded.id));
  const forwarded: Forwarded[] = [];
  for (const { guest, host } of ports) forwarded.push({ guest, host: host ?? (await freePort()) });
  const name = `appliance-forge-${randomUUID()}`;
  const args = [
    ...['run', '--rm', '--interactive', '--name', name],
    ...(memoryMb === undefined ? [] : ['--memory', `${memoryMb}m`]),
    ...forwarded.flatMap(({ guest, host }) => ['--publish', `127.0.0.1:${host}:${guest}`]),
    ...[loaded.id, ...loaded.command],
  ];
  progress?.(sentence`Starting the machine`);
  const child = spawn('sh', ['-c', keeper, 'sh', engine, name, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
  });
  const [writable, readable, , watched] = child.stdio as unknown as [Writable, Readable, null, Writable];
  watched.on('error', () => undefined);
  child.on('exit', () => watched.end('over\n'));
  const closed = once(child, 'close').then(
    ([code, by]: unknown[]) => (code ?? by) as number | NodeJS.Signals,
  );
  await once(child, 'spawn');
  const machine = new ContainerMachine({
    ...{ image, engine, name, ports: forwarded, memoryMb: memoryMb ?? 0, closed },
    terminate: () => void child.kill(),
    console: new StreamConsole(Duplex.from({ writable, readable })),
    belongings: made.move(),
  });
  if (onText) machine.console.onText(onText);
  return machine;
}

interface ContainerParts {
  readonly image: ImageFile;
  readonly engine: Engine;
  readonly name: string;
  readonly ports: readonly Forwarded[];
  readonly memoryMb: number;
  readonly console: StreamConsole;
  readonly closed: Promise<number | NodeJS.Signals>;
  readonly terminate: () => void;
  /** The loaded image, when nobody had it before. */
  readonly belongings: AsyncDisposableStack;
}

class ContainerMachine implements Machine {
  readonly id: string;
  readonly image: ImageFile;
  readonly accelerator = 'container';
  readonly startedAt = Date.now();
  readonly memoryMb: number;
  readonly console: StreamConsole;
  readonly ports: readonly Forwarded[];
  readonly ended: Promise<MachineEnd>;
  readonly #parts: ContainerParts;
  readonly #changes = new EventEmitter<{ change: [] }>().setMaxListeners(0);
  #state: MachineState = 'running';
  #isStopped = false;

  constructor(parts: ContainerParts) {
    this.#parts = parts;
    ({
      name: this.id,
      image: this.image,
      memoryMb: this.memoryMb,
      console: this.console,
      ports: this.ports,
    } = parts);
    this.ended = this.#untilEnded();
  }

  get state(): MachineState {
    return this.#state;
  }

  onChange(listener: () => void): Disposable {
    this.#changes.on('change', listener);
    return { [Symbol.dispose]: () => void this.#changes.off('change', listener) };
  }

  forward(): Promise<Forwarded> {
    return refuse(sentence`A container’s ports are chosen when it is started.`);
  }

  /** Its first process is asked to end. */
  async powerButton(): Promise<void> {
    if (this.#state !== 'ended')
      await output(this.#parts.engine, ['kill', '--signal', 'TERM', this.#parts.name]);
  }

  reset(): Promise<void> {
    return refuse(sentence`A container can’t be started anew: stop it and start the image.`);
  }

  async stop(): Promise<void> {
    if (this.#state === 'ended') return;
    this.#isStopped = true;
    // At once; `rm --force` would give its first process ten seconds. Before there is a container, its client ends.
    await output(this.#parts.engine, ['kill', this.#parts.name]).catch(() => this.#parts.terminate());
    await this.ended;
  }

  saveAs(): Promise<void> {
    return refuse(sentence`What a container has written can’t be kept.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #untilEnded(): Promise<MachineEnd> {
    const { closed, console, belongings } = this.#parts;
    const code = await closed;
    const kind = this.#isStopped ? 'stopped' : code === 0 ? 'poweredOff' : 'failed';
    const said =
      kind === 'stopped'
        ? sentence`The machine was stopped.`
        : kind === 'poweredOff'
          ? sentence`The container has ended.`
          : sentence`The container has ended with ${code}.`;
    const end = {
      kind,
      said,
      message: said.toString(),
      ...(kind === 'failed' && { detail: console.lastLines() }),
    } as const;
    await belongings.disposeAsync();
    console.end(end);
    this.#state = 'ended';
    this.#changes.emit('change');
    return end;
  }
}

function refuse(said: ConstructorParameters<typeof MachineError>[1]): Promise<never> {
  return Promise.reject(new MachineError('input', said));
}

/** Not by force: a second machine of the same image would end with the first. The engine refuses, and the image stays. */
async function removeImage(engine: Engine, id: string): Promise<void> {
  await output(engine, ['rmi', id]).catch(() => undefined);
}

/** Which port an engine has taken, it says only when the container has gone on already. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
