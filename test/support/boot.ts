import { startMachine, type ImageFile, type Machine, type StartOptions } from '../../src/machines/index.ts';
import { temporaryFolder } from './builds.ts';

/** What to type when the console has shown something new that matches. */
export interface Turn {
  readonly expect: RegExp;
  readonly send: string;
}

/** How a start went: what stood on the console. */
export interface Boot {
  readonly console: string;
  readonly accelerator: Machine['accelerator'];
}

interface BootOptions extends StartOptions {
  readonly timeoutMs: number;
  readonly dialogue?: readonly Turn[];
  /** Where the disks go with what the machine has written. */
  readonly saveTo?: string;
}

/**
 * Starts an image and reads its console until all patterns have been seen; then the machine is gone.
 * @throws {MachineError} with the console's last lines when one does not come
 */
export async function boot(
  image: ImageFile,
  patterns: readonly RegExp[],
  { timeoutMs, dialogue = [], saveTo, ...options }: BootOptions,
): Promise<Boot> {
  const deadline = Date.now() + timeoutMs;
  const limits = (): { timeoutMs: number } => ({ timeoutMs: Math.max(0, deadline - Date.now()) });
  await using cache = await temporaryFolder();
  await using machine = await startMachine(image, { cacheDir: cache.path, ...options });
  const { console } = machine;
  for (const { expect, send } of dialogue) {
    await console.until(expect, limits());
    console.write(send);
  }
  for (const pattern of patterns) if (!pattern.test(console.text)) await console.until(pattern, limits());
  if (saveTo !== undefined) await machine.saveAs(saveTo);
  return { console: console.text, accelerator: machine.accelerator };
}
