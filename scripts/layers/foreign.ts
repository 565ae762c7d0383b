import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runMain } from '../lib/interruption.ts';
import { runGroup } from '../lib/processGroup.ts';
import { root } from '../lib/root.ts';
import { alone, type Layer } from './layer.ts';
import { runNodeTests } from './nodeTests.ts';

/** The clients and all they need, in versions that go together (they pin most of these themselves). */
const packages = [
  ...['hammr==3.8.13', 'uforgecli==3.8.13', 'uforge-python-sdk==3.8.13', 'ussclicore==1.0.11'],
  ...['requests==2.13.0', 'PyXB==1.2.4', 'lxml==4.9.1', 'httplib2==0.22.0', 'cmd2==0.6.7', 'six==1.17.0'],
  ...['pyparsing==2.0.2', 'hurry.filesize==0.9', 'junit-xml==1.3', 'progressbar==2.3', 'PyYAML==3.12'],
  ...['termcolor==1.1.0', 'texttable==0.8.1', 'ordereddict==1.1', 'paramiko==1.12.0', 'ecdsa==0.19.2'],
  ...['pycrypto==2.6.1', 'xmlrunner==1.7.7'],
];

/** A Python 2.7 that can make virtual environments: the one on the PATH, or one of pyenv's. */
async function oldPython(): Promise<string | undefined> {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const names = (await readdir(versions).catch(() => [])).filter((name) => name.startsWith('2.7'));
  for (const python of ['python2.7', ...names.map((name) => join(versions, name, 'bin/python2.7'))]) {
    const works = await promisify(execFile)(python, ['-m', 'virtualenv', '--version']).catch(() => undefined);
    if (works) return python;
  }
  return undefined;
}

/** Installs the clients from PyPI, once: the file `whole` says that nothing is missing. */
async function install(python: string, folder: string, signal: AbortSignal): Promise<void> {
  if (existsSync(join(folder, 'whole'))) return;
  await rm(folder, { recursive: true, force: true });
  const env = { ...process.env, PIP_CONFIG_FILE: '/dev/null', PIP_FIND_LINKS: '' };
  const run = async (command: string, args: readonly string[]): Promise<void> => {
    const code = await runGroup(command, args, { env, signal });
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}.`);
  };
  await run(python, ['-m', 'virtualenv', '--quiet', folder]);
  await run(join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--no-deps', ...packages]);
  // hurry.filesize is a part of a name space that only setuptools of its days made a package of.
  await writeFile(join(folder, 'lib/python2.7/site-packages/hurry/__init__.py'), '');
  await writeFile(join(folder, 'whole'), '');
}

/** UShareSoft's own clients, as they are, against the real forge. It is no part of `npm test`. */
const foreign =
  (folder: string): Layer =>
  (args, signal) =>
    runNodeTests({
      files: 'test/foreign/**/*.test.ts',
      args,
      minutes: 30,
      env: {
        FORGE_CACHE: process.env['FORGE_CACHE'] ?? join(root, '.cache/forge'),
        FOREIGN_CLIENTS: join(folder, 'bin'),
      },
      signal,
    });

await runMain(async (args, signal) => {
  const python = await oldPython();
  if (python === undefined) {
    console.log(
      'foreign: not run: no Python 2.7 (python2.7 on the PATH or a version of pyenv, with virtualenv)',
    );
    return 0;
  }
  const folder = join(root, '.cache/foreign');
  await install(python, folder, signal);
  return await alone('foreign', foreign(folder))(args, signal);
});
