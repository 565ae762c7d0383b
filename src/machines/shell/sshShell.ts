import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { sentence } from '../../uforge/language/sentence.ts';
import { isSystemError } from '../../uforge/systemError.ts';
import { MachineError } from '../machineError.ts';
import type { Access, GuestShell, Machine } from '../model.ts';
import { missing } from '../program.ts';
import { shellWord } from './shellWord.ts';

interface Limits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What ssh itself ends with when there is no connection. */
const noConnection = 255;
/** What a command ends with whose time is up: as timeout(1) has it. */
const timeUp = 124;

/** Of what a command prints, each of both ways. */
const mostBytes = 1024 * 1024;

/** A shell that opens a connection for each command, from the moment the machine takes one. */
export async function connectWithSsh(
  machine: Machine,
  access: Access,
  { timeoutMs, signal }: Limits,
): Promise<GuestShell> {
  const shell = new SshShell(access);
  const timeIsUp = AbortSignal.timeout(timeoutMs);
  const ended = machine.ended.then((end) => {
    throw new MachineError('ended', end.said, end.detail ?? '');
  });
  ended.catch(() => undefined);
  const connected = async (): Promise<GuestShell> => {
    for (;;) {
      const tried = await shell.attempt('true', { timeoutMs: 30_000, ...(signal && { signal }) });
      if (tried.exitCode === 0) {
        shell.keepConnection(machine);
        return shell;
      }
      if (timeIsUp.aborted) {
        throw new MachineError(
          'timeUp',
          sentence`The machine has not let anybody in over SSH within ${timeoutMs / 1000} s.`,
          tried.stderr.trim(),
        );
      }
      // A port of QEMU's that leads nowhere yet refuses at once.
      await wait(1000, undefined, signal && { signal });
      if (machine.state === 'ended') await ended;
    }
  };
  return Promise.race([connected(), ended]);
}

class SshShell implements GuestShell {
  readonly #access: Access;
  /** Beside the key, in the machine's own folder: where a connection is, commands go over it. */
  readonly #socket: string;

  constructor(access: Access) {
    this.#access = access;
    this.#socket = join(dirname(access.keyFile), 'ssh');
  }

  /** An emulated processor takes ten seconds to agree on keys: that is done once. It ends with the machine. */
  keepConnection(machine: Machine): void {
    const child = spawn('ssh', [...this.#options(), '-M', '-N', this.#destination], { stdio: 'ignore' });
    child.on('error', () => undefined).unref();
    void machine.ended.then(() => child.kill());
  }

  async run(command: string, limits: Limits): ReturnType<GuestShell['run']> {
    const { user } = this.#access;
    const asRoot = user === 'root' ? '' : 'sudo -n ';
    const ran = await this.attempt(`${asRoot}sh -c ${shellWord(command)}`, limits);
    if (ran.exitCode !== noConnection) return ran;
    throw new MachineError('failed', sentence`The machine has not been reached over SSH.`, ran.stderr.trim());
  }

  get #destination(): string {
    return `${this.#access.user}@127.0.0.1`;
  }

  #options(): readonly string[] {
    const { keyFile, port } = this.#access;
    const options = {
      BatchMode: 'yes',
      ControlPath: this.#socket,
      ConnectTimeout: 10,
      IdentitiesOnly: 'yes',
      LogLevel: 'ERROR',
      // The machine was made a moment ago, its host key with it, and listens on this computer alone.
      StrictHostKeyChecking: 'no',
      UserKnownHostsFile: devNull,
      GlobalKnownHostsFile: devNull,
    };
    const given = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    // `-F`: what a person has set up for hosts is not about this one.
    return ['-F', devNull, '-i', keyFile, '-p', String(port), ...given];
  }

  /** ssh's own failures are an exit code here. */
  async attempt(command: string, { timeoutMs, signal }: Limits): ReturnType<GuestShell['run']> {
    const args = [...this.#options(), this.#destination, command];
    const stop = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
    const child = spawn('ssh', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: stop,
      killSignal: 'SIGKILL',
    });
    const ended = new Promise<number>((resolve, reject) => {
      child.on('error', (error) => {
        if (isSystemError(error, 'ENOENT')) missing('ssh').then(reject, reject);
        else if (signal?.aborted === true) reject(signal.reason as Error);
        else if (stop.aborted) resolve(timeUp);
        else reject(error);
      });
      child.on('close', (code) => resolve(stop.aborted ? timeUp : (code ?? noConnection)));
    });
    const [exitCode, stdout, stderr] = await Promise.all([
      ended,
      beginningOf(child.stdout),
      beginningOf(child.stderr),
    ]);
    signal?.throwIfAborted();
    return { exitCode, stdout, stderr };
  }
}

/** A command may print for as long as it has: it is read to its end, and no more of it kept. */
async function beginningOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (bytes < mostBytes) chunks.push(chunk);
      bytes += chunk.length;
    }
  } catch {
    // It was ended: what it has said until then is what there is.
  }
  return Buffer.concat(chunks).toString();
}
