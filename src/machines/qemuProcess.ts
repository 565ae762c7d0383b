import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex, Readable, Writable } from 'node:stream';
import { missing } from './program.ts';
import { Qmp } from './qmp.ts';

/** The program that QEMU is on this kind of computer. */
export const qemuProgram = 'qemu-system-x86_64';

/** QEMU's monitor, the machine's console and what its BIOS logs, as file descriptors of QEMU. */
export const descriptors = { monitor: 4, console: 5, firmware: 6 } as const;

/**
 * Becomes QEMU, which dies with whoever started it: however that ends, the pipe is closed, and who reads it kills. A line
 * on the pipe says that QEMU has ended before.
 */
const keeper = '{ read -r over <&3 || kill -9 $$; } > /dev/null 2>&1 & exec "$@" 3<&-';

/** A QEMU that runs. */
export interface QemuProcess {
  readonly qmp: Qmp;
  readonly console: Duplex;
  readonly firmware: Duplex;
  readonly pid: number | undefined;
  /** What it has said on standard error. */
  readonly said: () => string;
  /** Its exit code, or the signal that ended it. */
  readonly closed: Promise<number | NodeJS.Signals>;
  kill(): void;
}

/** @throws {MachineError} when there is no QEMU; how it fares otherwise is seen in `closed` */
export async function spawnQemu(args: readonly string[], folder: string): Promise<QemuProcess> {
  // A session of its own: Ctrl-C in a terminal is for the machine.
  const child = spawn('sh', ['-c', keeper, 'sh', qemuProgram, ...args], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [, , errors, watched, monitor, console, firmware] = child.stdio as unknown as [
    ...[null, null, Readable],
    ...[Writable, Duplex, Duplex, Duplex],
  ];
  watched.on('error', () => undefined);
  let said = '';
  errors.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child, 'spawn');
  const closed = once(child, 'exit').then(async ([code, signal]: unknown[]) => {
    watched.end('over\n');
    if (code === 127) throw await missing(qemuProgram);
    return (code ?? signal) as number | NodeJS.Signals;
  });
  closed.catch(() => undefined);
  return {
    qmp: new Qmp(monitor),
    console,
    firmware,
    pid: child.pid,
    said: () => said,
    closed,
    kill: () => void child.kill('SIGKILL'),
  };
}
