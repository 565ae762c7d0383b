import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runMain } from '../lib/interruption.ts';
import { runGroup } from '../lib/processGroup.ts';
import { root } from '../lib/root.ts';
import { alone, type Layer } from './layer.ts';
import { runNodeTests } from './nodeTests.ts';

/** Servers of platforms that are on PyPI, and what serves them. */
const packages = ['moto[server]==5.2.5', 'glance==33.0.0', 'keystone==30.0.0', 'cheroot==11.1.2'];

/** Installs the servers, once: the file `whole` says which ones are there. */
async function install(folder: string, signal: AbortSignal): Promise<void> {
  const mark = join(folder, 'whole');
  if (existsSync(mark) && (await readFile(mark, 'utf8')) === packages.join('\n')) return;
  await rm(folder, { recursive: true, force: true });
  const run = async (command: string, args: readonly string[]): Promise<void> => {
    const code = await runGroup(command, args, { signal });
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}.`);
  };
  await run('python3', ['-m', 'venv', folder]);
  await run(join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', ...packages]);
  await writeFile(mark, packages.join('\n'));
}

/** Images published to real servers of platforms. It is no part of `npm test`. */
const platforms =
  (folder: string): Layer =>
  (args, signal) =>
    runNodeTests({
      files: 'test/platforms/**/*.test.ts',
      args: ['--test-concurrency=1', ...args],
      minutes: 30,
      env: { PLATFORM_SERVERS: join(folder, 'bin') },
      signal,
    });

await runMain(async (args, signal) => {
  const folder = join(root, '.cache/platforms');
  await install(folder, signal);
  return await alone('platforms', platforms(folder))(args, signal);
});
