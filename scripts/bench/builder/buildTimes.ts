import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basePackages } from '../../../src/builder/plan/debian.ts';
import { debianMirror, kernelPackages } from '../../../src/builder/plan/distributions.ts';
import { mainOnly, mirrorSources, sourceLine } from '../../../src/builder/plan/sources.ts';
import { writeStreamOptimizedVmdk } from '../../../src/builder/disk/vmdk.ts';
import { Sandbox } from '../../../src/builder/sandbox/sandbox.ts';
import { wipe } from '../../../src/builder/sandbox/wipe.ts';
import { spreadFolders } from '../../../src/forge/process/spreadFolders.ts';
import { Failure } from '../../lib/interruption.ts';
import { runGroup, type GroupOptions } from '../../lib/processGroup.ts';
import { root } from '../../lib/root.ts';
import type { Row } from '../report.ts';
import { startForgeProcess, type Built, type ForgeProcess } from './forgeProcess.ts';
import { startMirror, type Mirror } from '../../../test/support/mirror.ts';

const megabytes = 2048;
/** The system of examples/nginx. */
const release = { version: '12', codename: 'bookworm' };
const packages = [...basePackages(release), ...kernelPackages(release, 'cloud'), 'nginx', 'openssh-server'];
const debvm = 'debvm-create';
const plain = 'plain script';

/**
 * examples/nginx out of the local forge, against debvm-create and a plain script with the same packages. All
 * three get their packages through one proxy on loopback that has them; only the forge keeps anything else.
 */
export async function benchBuild(signal: AbortSignal): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'appliance-forge-bench-'));
  // Nobody waits for the inodes of whoever was measured before.
  await spreadFolders(folder);
  try {
    await using mirror = await startMirror(join(root, '.cache/bench-mirror'));
    return await measure({ folder, mirror, signal });
  } finally {
    await wipe(folder);
  }
}

interface Bench {
  readonly folder: string;
  readonly mirror: Mirror;
  readonly signal: AbortSignal;
}

async function measure(bench: Bench): Promise<Row[]> {
  const sources = join(bench.folder, 'sources.list');
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const lines = mirrorSources(release, debianMirror, mainOnly).map((source) =>
    sourceLine(source, ['arch=amd64', `signed-by=${keyring}`]),
  );
  await writeFile(sources, lines.join(''));
  const debvmSeconds = await anchor(bench, 'debvm', debvm, (place) => [
    ...['-r', release.codename, '-h', 'nginx', '-z', `${megabytes}M`, '-o', join(place, 'rootfs.ext4')],
    ...['-s', 'systemdnetwork,packagelists', '--', `--include=${packages.join(',')}`, sources],
  ]);
  const script = join(import.meta.dirname, 'plain.sh');
  const plainSeconds = await anchor(bench, 'plain', script, (place) => [
    ...[place, sources, packages.join(','), String(megabytes)],
  ]);
  const row = (what: string, { seconds, stages }: Built, ratioAtMost?: number): Row => ({
    ...{ what, unit: 's', ours: seconds, anchorName: debvm, anchor: debvmSeconds, ratioAtMost, note: stages },
  });

  const cache = join(bench.folder, 'cache');
  await using forge = await startForgeProcess(bench.folder, cache, { http_proxy: bench.mirror.proxy });
  const nginx = join(bench.folder, 'nginx');
  await cp(join(root, 'examples/nginx'), nginx, { recursive: true });
  const qcow2 = await cold(bench, forge, nginx, cache);
  const peakCold = forge.peakMemory();
  const build = (name: string): Promise<Built> => forge.build(nginx, imageOf(name));
  const formats = [];
  for (const name of ['KVM', 'Hyper-V', 'Google Compute Engine']) {
    formats.push(row(`only the format: ${name}`, await build(name), 0.08));
  }
  await append(join(nginx, 'config/announce.sh'), '\n# Changed.\n');
  const changedScript = await build('QCOW2');
  await change(join(nginx, 'template.yml'), '- name: nginx\n', '- name: nginx\n      - name: hello\n');
  const changedPackage = await build('QCOW2');
  await change(join(nginx, 'template.yml'), 'name: nginx\n', 'name: other\n');
  const warm = await build('QCOW2');
  const vbox = await build('VirtualBox');
  const otherOva = row('only the format: VMware Server (OVA)', await build('VMware Server'), 0.08);
  const own = { anchorName: 'cold', anchor: qcow2.seconds, unit: 's' };
  const limit = { unit: 'MB', anchorName: 'limit', anchor: 200, atMost: 200 };
  return [
    row('cold: nothing in the cache', qcow2, 1),
    {
      ...row('cold: nothing in the cache', { ...qcow2, stages: '' }),
      anchorName: plain,
      anchor: plainSeconds,
    },
    row('warm root: another appliance', warm, 0.2),
    row('only a script changed', changedScript, 0.2),
    row('only a package added', changedPackage, 0.2),
    ...formats,
    otherOva,
    row('other kernel: VirtualBox, no root', vbox),
    { ...own, what: 'our own code: main thread', ours: qcow2.mainThread, ratioAtMost: 0.05 },
    { ...own, what: 'all of the process, with zlib', ours: qcow2.allThreads },
    { ...limit, what: 'memory of the forge, cold', ours: peakCold / 1e6 },
    { ...limit, what: 'memory of the forge, all builds', ours: forge.peakMemory() / 1e6 },
    await benchVmdk(bench, cache),
  ];
}

/** As hammr asks for it. */
function imageOf(name: string): {
  targetFormat: { name: string };
  compress: true;
  installProfile: { memorySize: number; diskSize: number };
} {
  return {
    targetFormat: { name },
    compress: true,
    installProfile: { memorySize: 512, diskSize: megabytes },
  };
}

/**
 * The forge's first build. If the mirror lacked something, the cache is emptied and it is built once more.
 */
async function cold(bench: Bench, forge: ForgeProcess, template: string, cache: string): Promise<Built> {
  return await withoutNetwork(bench, async () => {
    await wipe(cache);
    await mkdir(cache);
    return await forge.build(template, imageOf('QCOW2'));
  });
}

/** A command that is given a new folder to work in. */
async function anchor(
  bench: Bench,
  name: string,
  command: string,
  args: (place: string) => readonly string[],
): Promise<number> {
  const place = join(bench.folder, name);
  const env = { ...process.env, http_proxy: bench.mirror.proxy, LC_ALL: 'C.UTF-8', TMPDIR: bench.folder };
  return await withoutNetwork(bench, async () => {
    await mkdir(place);
    try {
      return await timed(async () => {
        const code = await runGroup(command, args(place), {
          ...{ env, signal: bench.signal },
          stdio: ['ignore', 'ignore', 'ignore'],
        });
        if (code !== 0) throw new Failure(`${command} ended with ${code}.`);
      });
    } finally {
      await wipe(place);
    }
  });
}

/** What is measured while something comes over the network says nothing: it is done again. */
async function withoutNetwork<T>({ mirror, signal }: Bench, work: () => Promise<T>): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const before = mirror.misses();
    const result = await work();
    if (mirror.misses() === before) return result;
  }
}

/** The streamOptimized VMDK of the largest disk in the cache, ours against qemu-img's. */
async function benchVmdk({ folder, signal }: Bench, cache: string): Promise<Row> {
  const disks = await Promise.all(
    (await readdir(join(cache, 'disks'))).map(async (name) => {
      const path = join(cache, 'disks', name, 'disk1.raw');
      return { path, used: ((await stat(path).catch(() => undefined))?.blocks ?? 0) * 512 };
    }),
  );
  const { path: source, used } = disks.reduce((a, b) => (b.used > a.used ? b : a));
  const [target, theirs] = [join(folder, 'ours.vmdk'), join(folder, 'theirs.vmdk')];
  const sandbox = new Sandbox(signal, () => undefined);
  const ours = await timed(() =>
    writeStreamOptimizedVmdk({
      ...{ source, target, sandbox, signal, compress: true, contentId: '00000001' },
      onProgress: () => undefined,
    }),
  );
  const options = ['-O', 'vmdk', '-o', 'subformat=streamOptimized'];
  const anchor = await timed(() =>
    runGroup('qemu-img', ['convert', '-f', 'raw', ...options, source, theirs]),
  );
  if ((await runGroup('qemu-img', ['compare', '-f', 'vmdk', '-F', 'raw', target, source], quiet)) !== 0) {
    throw new Failure('qemu-img reads another disk out of our VMDK.');
  }
  const size = async (path: string): Promise<string> => `${((await stat(path)).size / 1e6).toFixed(0)} MB`;
  const note = `${(used / 1e6).toFixed(0)} MB used; ${await size(target)}, theirs ${await size(theirs)}`;
  await rm(target);
  await rm(theirs);
  return { what: 'streamOptimized VMDK', unit: 's', ours, anchorName: 'qemu-img', anchor, note };
}

const quiet: GroupOptions = { stdio: ['ignore', 'ignore', 'inherit'] };

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

async function append(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'a' });
}

async function change(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes(from)) throw new Failure(`${file} has no “${from.trim()}”.`);
  await writeFile(file, text.replace(from, to));
}
