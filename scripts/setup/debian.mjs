import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findBrowser } from './browsers.mjs';
import { SetupError, must, say } from './error.mjs';

/**
 * Installs the Debian packages that are missing: as root, or through sudo if it asks nothing, and says so
 * before. Only Linux builds images; elsewhere there is nothing to install.
 */
export function installDebianPackages(names) {
  if (process.platform !== 'linux') return;
  const missing = missingPackages(names.filter((name) => name !== 'chromium' || !findBrowser()));
  if (missing.length === 0) return;
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (prefix.length > 0 && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) {
    throw new SetupError(
      `These Debian packages are needed. Install them, then start again:\n\n  sudo apt-get ${install.join(' ')}\n`,
    );
  }
  const as = (args) => [...prefix, 'apt-get', ...args].join(' ');
  say(`installing Debian packages: ${as(['update'])} && ${as(install)}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => {
    const [command, ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-q',
      '-o',
      'DPkg::Lock::Timeout=300',
      ...args,
    ];
    must(command, rest, { env });
  };
  apt('update');
  apt(...install);
}

/**
 * Which of these packages dpkg doesn't know as installed; none where there is no dpkg: the forge names
 * missing tools itself.
 */
function missingPackages(names) {
  if (names.length === 0) return [];
  const { stdout, error } = spawnSync(
    'dpkg-query',
    ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names],
    {
      encoding: 'utf8',
    },
  );
  if (error) {
    say(`this is no Debian or Ubuntu; you need what these packages bring: ${names.join(' ')}`);
    return [];
  }
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return names.filter((name) => !installed.has(name)).map(nameHere);
}

const nameHere = (name) => (name === 'chromium' && isUbuntu() ? 'chromium-browser' : name);

function isUbuntu() {
  try {
    return /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}
