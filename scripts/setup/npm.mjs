// node_modules is compared with package-lock.json itself: npm writes what it installed into a hidden lock
// file, last, so an interrupted or outdated installation is recognised without a stamp of our own. That the
// folders are there is looked at as well: an installation that was undone half way leaves the list behind.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { must, say } from './error.mjs';
import { root } from './paths.mjs';

/** Installs what the lock file of a package folder says; the project's unless told otherwise. */
export function installNodeModules(folder = root) {
  if (nodeModulesFit(folder)) return;
  say(`installing the node modules of ${join(relative(root, folder), 'package-lock.json')}`);
  npm(['ci', '--include=dev'], { cwd: folder });
}

const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

/** Runs npm, quietly. On Windows it is a script, which wants a shell. */
export function npm(args, options) {
  must('npm', [...args, ...quiet], { ...options, shell: process.platform === 'win32' });
}

/** Whether node_modules holds exactly what the lock file says, packages for other platforms apart. */
export function nodeModulesFit(folder) {
  const wanted = packagesOf(join(folder, 'package-lock.json')) ?? {};
  const installed = packagesOf(join(folder, 'node_modules/.package-lock.json'));
  if (!installed) return false;
  const same = (a, b) => a?.version === b?.version && a?.integrity === b?.integrity;
  return (
    Object.entries(wanted).every(
      ([path, entry]) => path === '' || same(entry, installed[path]) || elsewhere(entry, installed[path]),
    ) && Object.keys(installed).every((path) => path in wanted && existsSync(join(folder, path)))
  );
}

const elsewhere = (entry, installed) => !installed && entry.optional === true;

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
