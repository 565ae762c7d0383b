// node_modules is compared with package-lock.json itself: npm writes what it installed into a hidden lock file, last,
// so an interrupted or outdated installation is recognised without a stamp of our own. That the folders are there is
// looked at as well: an installation that was undone half way leaves the list behind.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { must, say } from './error.mjs';

export function installNodeModules() {
  if (nodeModulesFit(root)) return;
  say('installing the node modules of package-lock.json');
  must('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
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
