const gigabyte = 1024 ** 3;

/** Of everything that a template brings; bytes. A process's memory, and a file. */
const memory = 8 * gigabyte;
const fileSize = 64 * gigabyte;
const processes = 2048;

/** The command that sets the limits of what runs inside a root. It runs in the user name space, where processes are counted. */
export const limitsInRoot: readonly string[] = [
  ...['prlimit', `--data=${memory}`, `--fsize=${fileSize}`, `--nproc=${processes}`, '--core=0', '--'],
];
