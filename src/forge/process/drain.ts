import { defaultDataDir, parseOptions } from './arguments.ts';
import { findForge, untilGone } from './launch.ts';
import { StartError } from './startError.ts';

/** What tells a forge of this user to take no new work and to end when the last is done. */
export const drainSignal = 'SIGUSR2';

/** `forge drain`: returns when the forge has gone. */
export async function drainCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const options = { data: { type: 'string' }, 'no-wait': { type: 'boolean' } } as const;
  const { values } = parseOptions({ args: [...argv], options });
  const dataDir = values.data ?? env['FORGE_DATA'] ?? defaultDataDir(env);
  const running = await findForge(dataDir);
  if (running === undefined) throw new StartError(`No forge is running on ${dataDir}.`);
  process.kill(running.pid, drainSignal);
  process.stdout.write('The forge takes no new images. It ends when the last one is done.\n');
  if (values['no-wait'] !== true) await untilGone(running.pid, Infinity);
}
