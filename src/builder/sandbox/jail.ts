import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { sourceOf } from './identity.ts';

/** A file or folder of this computer, and where it is in the sandbox. Absolute paths. */
export interface Place {
  readonly from: string;
  readonly at: string;
  readonly writable: boolean;
}

/**
 * What the root of a build may do over its own ids, and no more: what dpkg and its scripts need. No SYS_CHROOT, MKNOD,
 * SYS_ADMIN, SYS_PTRACE or NET_ADMIN.
 */
const capabilities = ['CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL'];
const changingIds = ['SETGID', 'SETUID', 'SETFCAP', 'AUDIT_WRITE'];
/** mmdebstrap mounts and changes its root, before anything of a template is there. */
const mounting = ['SYS_ADMIN', 'SYS_CHROOT', 'MKNOD'];

/** Of this computer's /etc: what its tools look into. */
const settings = [
  'alternatives',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'passwd',
  'group',
  'nsswitch.conf',
];
/** Where names are looked up and certificates are. */
const networkSettings = ['resolv.conf', 'hosts', 'ssl', 'ca-certificates', 'gai.conf', 'host.conf'];
/** Links to folders of /usr where that is merged. */
const topFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** What of /proc tells or changes something of the computer. Numbers of processes are a name space's own. */
const hidden = ['acpi', 'scsi', 'fs', 'driver'];
const blank = [
  'kcore',
  'keys',
  'kmsg',
  'latency_stats',
  'timer_list',
  'sched_debug',
  'kallsyms',
  'cmdline',
  'config.gz',
  'consoles',
  'diskstats',
  'interrupts',
  'iomem',
  'ioports',
  'modules',
  'partitions',
  'slabinfo',
  'swaps',
  'vmallocinfo',
  'zoneinfo',
  'pagetypeinfo',
];

/** What /tmp, /run and /dev/shm may take of the computer's memory, each; bytes. */
const scratchSize = 2 * 1024 ** 3;

const own = ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup', '--die-with-parent'];

/** The sandbox of a tool of this computer: its programs, read-only, and these places. */
export function toolJail(
  places: readonly Place[],
  { network = false, mounts = false }: { readonly network?: boolean; readonly mounts?: boolean },
): string[] {
  const etc = [...settings, ...(network ? networkSettings : [])].map((name) => `/etc/${name}`);
  return [
    ...own,
    ...(network ? [] : ['--unshare-net']),
    ...['--ro-bind', '/usr', '/usr'],
    ...topFolders.flatMap(topFolder),
    ...etc.flatMap((path) => ['--ro-bind-try', path, path]),
    ...(mounts ? ['--dev', '/dev', '--proc', '/proc'] : devices()),
    ...scratch('/tmp', '1777'),
    ...places.flatMap((place, index) => bound(place, index)),
    ...allowed([...capabilities, ...changingIds, ...(mounts ? mounting : [])]),
  ];
}

/**
 * The sandbox in which a root is the whole world: nothing of this computer is in it but what a template's own programs
 * may see, below /run. Only folders at the top are mount points, and those are looked at by `assertMountPoints`.
 */
export function rootJail(
  root: Place,
  places: readonly Place[],
  { hostname, filter, web }: { readonly hostname: string; readonly filter: number; readonly web: boolean },
): string[] {
  return [
    ...own,
    // With a way to the web it has a network of its own already, with the proxy in it and nothing else.
    ...(web ? [] : ['--unshare-net']),
    ...['--hostname', hostname],
    ...bound(root, 0),
    ...devices(),
    ...scratch('/run', '755'),
    ...scratch('/tmp', '1777'),
    ...places.flatMap((place, index) => bound(place, index + 1)),
    ...allowed([...capabilities, ...changingIds]),
    ...['--seccomp', String(filter)],
  ];
}

/** The folders of a root that are mounted over. */
export const mountPoints: readonly string[] = ['dev', 'proc', 'run', 'tmp'];

function devices(): string[] {
  const there = (name: string): boolean => existsSync(`/proc/${name}`);
  return [
    ...['--dev', '/dev', ...scratch('/dev/shm', '1777'), '--remount-ro', '/dev', '--proc', '/proc'],
    ...hidden.filter(there).flatMap((name) => ['--tmpfs', `/proc/${name}`, '--remount-ro', `/proc/${name}`]),
    ...blank.filter(there).flatMap((name) => ['--ro-bind', '/dev/null', `/proc/${name}`]),
  ];
}

function scratch(folder: string, mode: string): string[] {
  return ['--size', String(scratchSize), '--perms', mode, '--tmpfs', folder];
}

function bound({ from, at, writable }: Place, index: number): string[] {
  return [writable ? '--bind' : '--ro-bind', sourceOf(from, index), at];
}

function topFolder(path: string): string[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  return found.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

function allowed(names: readonly string[]): string[] {
  return ['--cap-drop', 'ALL', ...names.flatMap((name) => ['--cap-add', `CAP_${name}`])];
}
