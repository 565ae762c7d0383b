// What each npm script needs from the machine, and what it runs. The packages are Debian's names (and
// Ubuntu's).

/** What the local forge builds with (src/builder/sandbox/tools.ts checks the tools themselves). */
const forge = [
  'bubblewrap',
  'iproute2',
  'socat',
  'mmdebstrap',
  'debian-archive-keyring',
  'e2fsprogs',
  'btrfs-progs',
  'xfsprogs',
  'bzip2',
  'xz-utils',
  'fdisk',
  'mtools',
  'qemu-utils',
  'grub-common',
  'grub-pc-bin',
  'grub-efi-amd64-bin',
  'uidmap',
  'squashfs-tools',
  'xorriso',
];

/** What the unit tests look at files with. */
const check = ['libxml2-utils', 'openssl', 'python3'];

/** What the forge's tests look at its images with. */
const boot = ['qemu-system-x86', 'ovmf', 'libxml2-utils', 'skopeo', 'umoci', 'file', 'openssl', 'python3'];

/** What VS Code's server is compiled with: two small native modules. */
const host = ['g++', 'make', 'python3'];

/** A browser is a need of its own: any Chromium will do (setup/debian.mjs). */
const browser = ['chromium'];

/** An option was given, as `--server URL` or `--server=URL`. */
const given = (args, option) => args.some((arg) => arg === option || arg.startsWith(`${option}=`));

/**
 * `script`: a file in scripts/ that our Node runs. `bundle`: a file in dist/ to run after a build, where the
 * user called npm; `first`: arguments before the user's. `packages(args)`: Debian packages. `folders`:
 * package folders of their own. `vscodeHost(args)`: VS Code's server is needed.
 */
export const commands = {
  start: { script: 'start.ts', packages: () => [...forge, ...host], vscodeHost: () => true },
  build: { script: 'build.ts' },
  watch: { script: 'build.ts', first: ['--watch'] },
  package: { script: 'package.ts' },
  generate: {
    bundle: 'cli.js',
    first: ['generate'],
    packages: (args) => (given(args, '--server') ? [] : forge),
  },
  check: { bundle: 'cli.js', first: ['check'] },
  forge: { bundle: 'forge.js', packages: () => forge },
  lint: { script: 'layers/lint.ts' },
  format: { script: 'format.ts' },
  docs: { script: 'docs/main.ts' },
  bench: {
    script: 'bench/main.ts',
    folders: ['scripts/bench/anchors'],
    packages: () => [...forge, 'curl', 'debvm', 'qemu-system-x86', ...host, ...browser],
    vscodeHost: () => true,
  },
  test: {
    script: 'test.ts',
    packages: () => [...forge, 'curl', ...check, ...boot, ...host, ...browser],
    vscodeHost: () => true,
  },
  'test:unit': { script: 'layers/unit.ts', packages: () => [...forge, ...check] },
  'test:forge': { script: 'layers/forge.ts', packages: () => [...forge, 'curl', ...boot] },
  'test:boot': { script: 'layers/boot.ts', packages: () => [...forge, ...boot] },
  'test:platforms': { script: 'layers/platforms.ts', packages: () => [...forge, 'python3', 'python3-venv'] },
  'test:foreign': { script: 'layers/foreign.ts', packages: () => forge },
  formats: { script: 'formats.ts', packages: () => [...forge, ...boot] },
  'test:host': {
    script: 'layers/host.ts',
    packages: (args) => (given(args, '--desktop') ? forge : [...forge, ...host, ...browser]),
    vscodeHost: (args) => !given(args, '--desktop'),
  },
  pictures: {
    script: 'pictures/main.ts',
    packages: () => ['pngquant', ...forge, ...host, ...browser],
    vscodeHost: () => true,
  },
  'test:e2e': {
    script: 'layers/e2e.ts',
    packages: () => [...forge, ...host, ...browser],
    vscodeHost: () => true,
  },
};
