import { bash } from './bash.ts';

const gigabyte = 1024 ** 3;

/** Of everything that a template brings; bytes. A process's memory, and a file. */
const memory = 8 * gigabyte;
const fileSize = 64 * gigabyte;
const processes = 2048;

/** Characters that are read of what is printed: all of it may end up in the forge's memory, and in a ticket's log. */
export const mostSaid = { inRoot: 32 * 1024 ** 2, byTools: 256 * 1024 ** 2 };

/**
 * A limit of processes holds for each id, and a build has 65,536 of them. It holds for all together where it was set
 * before the user name space was made, so this makes another one inside, with the same ids; exec'd by who is root in the
 * one around it. The second process writes the maps, which takes rights in the outer one.
 */
const countedTogether = `
use strict; use warnings;
my ($outer, $made) = ($$);
pipe my $read, my $write or die;
my $child = fork // die;
if ($child == 0) {
  close $write;
  exit 1 if sysread($read, $made, 1) != 1;
  for my $kind ('uid', 'gid') {
    open my $own, '<', "/proc/self/\${kind}_map" or die;
    my $same = join '', map { my ($inside, undef, $count) = split; "$inside $inside $count\\n" } <$own>;
    open my $map, '>', "/proc/$outer/\${kind}_map" or die $!;
    syswrite($map, $same) // die $!;
  }
  exit 0;
}
close $read;
my ($unshare, $newuser) = (272, 0x10000000);
syscall($unshare, $newuser) == 0 or die "E: There can be no user name space in another one: $!\\n";
syswrite $write, 'x';
waitpid $child, 0;
die "E: The ids of the build can not be taken along.\\n" if $? != 0;
exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\\n";
`;

/** The command that sets the limits of what runs inside a root. It runs in the user name space, where processes are counted. */
export const limitsInRoot: readonly string[] = [
  ...['prlimit', `--data=${memory}`, `--fsize=${fileSize}`, `--nproc=${processes}`, '--core=0', '--'],
  ...['perl', '-e', countedTogether, '--'],
];

/**
 * What comes before everything else: files that whoever started the forge had open stay outside (a folder among them
 * would be a way out), and when the computer has no memory left the build goes first, not the forge.
 */
export const beginning: readonly string[] = bash(
  `for each in /proc/self/fd/*; do
    fd="\${each##*/}"
    if [ "$fd" -gt 4 ]; then exec {fd}>&-; fi
  done
  echo 1000 > /proc/self/oom_score_adj
  exec "$@"`,
  'begin',
);
