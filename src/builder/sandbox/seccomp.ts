/**
 * System calls no installation of a package needs, by their numbers on x86-64 (asm/unistd_64.h): mounts, name spaces,
 * other processes' memory, the kernel's keys, modules and clocks. They answer EPERM, as in a container of Docker's.
 */
const refused = [
  ...[101, 310, 311, 312, 438], // ptrace, process_vm_readv, process_vm_writev, kcmp, pidfd_getfd
  ...[155, 161, 165, 166, 272, 308], // pivot_root, chroot, mount, umount2, unshare, setns
  ...[428, 429, 430, 431, 432, 433, 442], // open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr
  ...[248, 249, 250], // add_key, request_key, keyctl
  ...[175, 176, 313, 246, 320], // init_module, delete_module, finit_module, kexec_load, kexec_file_load
  ...[159, 164, 227, 305], // adjtimex, settimeofday, clock_settime, clock_adjtime
  ...[163, 167, 168, 169, 172, 173, 179, 443], // acct, swapon, swapoff, reboot, iopl, ioperm, quotactl, quotactl_fd
  ...[103, 153, 212, 300, 304], // syslog, vhangup, lookup_dcookie, fanotify_init, open_by_handle_at
  ...[298, 321, 323, 425, 426, 427], // perf_event_open, bpf, userfaultfd, io_uring_setup, _enter, _register
];

const call = { ioctl: 16, socket: 41, clone: 56, clone3: 435 };
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: others, AF_VSOCK for one, lead past a network name space, to the hypervisor. */
const socketFamilies = [1, 2, 10, 16];
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (linux/sched.h). */
const newNamespaces = 0x7e020000;
/** TIOCSTI and TIOCLINUX type into somebody's terminal. */
const terminalRequests = [0x5412, 0x541c];

const x8664 = 0xc000003e;
/**
 * From here on calls are newer than Linux 6.7 (statmount), and nobody has looked at what they lead to; programs do
 * without them. Those of the x32 ABI are higher still.
 */
const unknown = 457;

/** Offsets in `struct seccomp_data`; of the arguments, the lower half. */
const field = { number: 0, architecture: 4, argument0: 16, argument1: 24 };
const load = (offset: number): Instruction => [0x20, 0, 0, offset];
/** The next instruction is for what is equal, at least, or has one of the bits; else it is jumped over. */
const ifEqual = (value: number, otherwise = 1): Instruction => [0x15, 0, otherwise, value];
const ifUnequal = (value: number): Instruction => [0x15, 1, 0, value];
const ifAtLeast = (value: number): Instruction => [0x35, 0, 1, value];
const ifAnyOf = (bits: number): Instruction => [0x45, 0, 1, bits];
const answer = (value: number): Instruction => [0x06, 0, 0, value];
const allow = answer(0x7fff0000);
const notPermitted = answer(0x00050000 | 1);
const noSuchCall = answer(0x00050000 | 38);
const noSuchFamily = answer(0x00050000 | 97);

/** `struct sock_filter`: code, how far to jump when true and when false, operand. */
type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

/** The filter as bubblewrap reads it: a classic BPF program (seccomp(2)). clone3 has its flags where no filter sees them. */
export function seccompFilter(): Buffer {
  const program: Instruction[] = [
    ...[load(field.architecture), ifUnequal(x8664), noSuchCall],
    ...[load(field.number), ifAtLeast(unknown), noSuchCall, ifEqual(call.clone3), noSuchCall],
    ...refused.flatMap((number) => [ifEqual(number), notPermitted]),
    ...[ifEqual(call.clone, 4), load(field.argument0), ifAnyOf(newNamespaces), notPermitted, allow],
    ...[ifEqual(call.socket, 2 + 2 * socketFamilies.length), load(field.argument0)],
    ...[...socketFamilies.flatMap((family) => [ifEqual(family), allow]), noSuchFamily],
    ...[ifEqual(call.ioctl, 5), load(field.argument1)],
    ...terminalRequests.flatMap((request) => [ifEqual(request), notPermitted]),
    allow,
  ];
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, ifTrue, ifFalse, operand], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand, index * 8 + 4);
  });
  return bytes;
}
