import { putIntoDisk, type Writer } from './writer.ts';

/**
 * A protofile (mkfs.xfs(8)) of a folder. It has no dates, attributes and sticky bits, and a blank in it ends a word:
 * names and links with blanks get others of the same length and, as folders are searched by it, of the same hash. What
 * is to be set right afterwards goes into a list. Hard links become files of their own.
 */
const protofile = `
use strict; use warnings;
my ($root, $list) = @ARGV;
open my $later, '>', $list or die;
my %lgetxattr = (x86_64 => 192, aarch64 => 9);
my $machine = qx(uname -m);
chomp $machine;
my $files = 0;
sub later { print $later join("\\t", @_), "\\n" }
sub hex_of { unpack 'H*', shift }
sub ends_word { my $c = shift; grep { $c == $_ } 0, 9, 10, 32, 47 }
# A name's hash is rotated by 7 bits for each character and combined with it (XOR): one bit here and one there cancel out.
sub stand_in {
  my ($name, $shown) = @_;
  my @c = unpack 'C*', $name;
  BLANK: for my $i (grep { ends_word($c[$_]) || ($_ == 0 && $c[0] == 58) } 0 .. $#c) {
    for my $bit (0 .. 7) { for my $j (grep { $_ != $i } 0 .. $#c) { for my $other (0 .. 7) {
      next if (7 * ($j - $i) + $bit - $other) % 32;
      my ($here, $there) = ($c[$i] ^ 1 << $bit, $c[$j] ^ 1 << $other);
      next if ends_word($here) || ends_word($there);
      @c[$i, $j] = ($here, $there);
      next BLANK;
    } } }
    die "E: XFS can't be filled with the name of $shown.\\n";
  }
  return pack 'C*', @c;
}
sub capability {
  my ($path, $key, $value) = (shift, 'security.capability', "\\0" x 64);
  my $number = $lgetxattr{$machine} or die "E: file capabilities can't be read on $machine.\\n";
  my $length = syscall($number, $path, $key, $value, length $value);
  return $length > 0 ? substr $value, 0, $length : undef;
}
sub walk {
  my ($path, $at, $indent) = @_;
  opendir my $dir, $path or die "$path: $!";
  my @names = sort grep { $_ ne '.' && $_ ne '..' } readdir $dir;
  my %taken = map { $_ => 1 } @names;
  for my $real (@names) {
    my $file = "$path/$real";
    my $shown = substr $file, length $root;
    die "E: XFS can't be filled with the name of $shown.\\n" if $real eq '$';
    my $name = stand_in($real, $shown);
    if ($name ne $real) {
      die "E: XFS can't be filled with the names of $shown and its neighbours.\\n" if $taken{$name}++;
      later('name', $at, hex_of($name), hex_of($real));
    }
    my @stat = lstat $file or die "$file: $!";
    my ($mode, $uid, $gid, $rdev) = @stat[2, 4, 5, 6];
    my $kind = $mode & 0170000;
    my $rights = sprintf '%s%s%03o %d %d', $mode & 04000 ? 'u' : '-', $mode & 02000 ? 'g' : '-', $mode & 0777, $uid, $gid;
    if ($kind == 0040000) {
      later('mode', "$at/$name", sprintf '0%o', $mode) if $mode & 01000;
      print "$indent$name d$rights\\n";
      walk($file, "$at/$name", "$indent ");
      print "$indent\\$\\n";
    } elsif ($kind == 0120000) {
      # A line break in it would be a line of the protofile.
      my $target = readlink $file;
      later('link', "$at/$name", hex_of($target)) if (my $word = $target) =~ s/\\s/_/g;
      die "E: XFS can't be filled with a long link to a name that has a blank: $shown\\n"
        if $target =~ /\\s/ && length $target > 250;
      print "$indent$name l$rights ", $target =~ s/\\s/_/gr, "\\n";
    }
    elsif ($kind == 0100000) {
      my $content = $file;
      if ($file =~ /\\s/) {
        # The protofile has no word for it: another name for the same file, beside the root.
        $content = "$list-" . ++$files;
        symlink $file, $content or die "$content: $!";
      }
      my $capability = $mode & 0111 ? capability($file) : undef;
      later('capability', "$at/$name", hex_of($capability)) if defined $capability;
      print "$indent$name -$rights $content\\n";
    }
    elsif ($kind == 0020000 || $kind == 0060000) {
      printf "%s%s %s%s %d %d\\n", $indent, $name, $kind == 0020000 ? 'c' : 'b', $rights, $rdev >> 8 & 0xfff, $rdev & 0xff;
    } elsif ($kind == 0010000) { print "$indent$name p$rights\\n" }
  }
}
my @top = lstat $root;
printf "/\\n0 0\\nd--%03o %d %d\\n", $top[2] & 0777, $top[4], $top[5];
later('mode', '/', sprintf '0%o', $top[2]) if $top[2] & 01000;
walk($root, '', ' ');
print "\\$\\n";
`;

/** Does what is on the list, with xfs_db, which says what it has written: what it says is looked at. */
const finish = `
use strict; use warnings;
my ($volume, $list) = @ARGV;
sub xfs_db {
  my ($mode, @orders) = @_;
  open my $out, '-|', 'xfs_db', $mode, (map { ('-c', $_) } @orders), $volume or die;
  local $/; my $said = <$out>; close $out;
  return $said;
}
# xfs_db counts on from \\a: a line break is \\d there.
my %plain = (a => 7, b => 8, c => 9, d => 10, e => 11, f => 12, g => 13);
sub unquoted { shift =~ s{\\\\([0-7]{1,3}|.)}{ my $c = $1; $c =~ /^[0-7]/ ? chr oct $c : $plain{$c} ? chr $plain{$c} : $c }ger }
sub field_of {
  my ($text, $name) = @_;
  while ($text =~ /^(\\S+\\.name) = "(.*)"$/mg) { my $field = $1; return $field if unquoted($2) eq $name }
  return;
}
sub check {
  my ($what, $said, @expected) = @_;
  for my $expected (@expected) {
    my ($value) = $said =~ s/^\\S+ = (.*)$//m ? $1 : '';
    $value = unquoted($1) if $value =~ /^"(.*)"$/;
    die "E: XFS can't be given the $what: $value\\n" unless $value eq $expected;
  }
}
my (@others, @folders, %names);
open my $in, '<', $list or die;
while (<$in>) {
  chomp;
  my ($what, $path, @values) = split /\\t/;
  if ($what ne 'name') { push @others, [$what, "path $path", @values]; next }
  push @folders, $path unless $names{$path};
  push @{ $names{$path} }, [map { pack 'H*', $_ } @values];
}
for (@others) {
  my ($what, $at, $value) = @$_;
  if ($what eq 'mode') { check("$what of $at", xfs_db('-x', $at, "write core.mode $value"), $value); next }
  my $bytes = pack 'H*', $value;
  my $field = $what eq 'link' ? 'u3.symlink' : 'a.sfattr.list[0].value';
  xfs_db('-x', $at, 'attr_set -s -v ' . length($bytes) . ' capability') if $what eq 'capability';
  check("$what of $at", xfs_db('-x', $at, "write $field #$value"), $bytes);
}
# Inner folders first: the way to them is by the names that are there now.
for my $folder (reverse @folders) {
  my $at = 'path ' . ($folder eq '' ? '/' : $folder);
  my $inode = xfs_db('-r', $at, 'print');
  my ($size) = $inode =~ /^core\\.size = (\\d+)/m;
  my @blocks = $inode =~ /^core\\.format = 1/m ? ([$at]) : map { [$at, "dblock $_"] } 0 .. $size / 4096 - 1;
  my $written = 0;
  for my $block (@blocks) {
    my $text = xfs_db('-r', @$block, 'print');
    my (@orders, @expected);
    for (@{ $names{$folder} }) {
      my ($name, $real) = @$_;
      my $field = field_of($text, $name) or next;
      push @orders, "write $field #" . unpack 'H*', $real;
      push @expected, $real;
    }
    check("names in $folder", xfs_db('-x', @$block, @orders), @expected) if @orders;
    $written += @orders;
  }
  die "E: XFS has not all names in $folder.\\n" unless $written == @{ $names{$folder} };
}
`;

const script = `
cd "$FOLDER"
perl protofile.pl "$ROOT" later > protofile
truncate -s "$SIZE" volume
options=()
[ -z "$LABEL" ] || options+=(-L "$LABEL")
# GRUB 2.06 knows no other features than these.
mkfs.xfs -q -f -m "uuid=$UUID,rmapbt=0,reflink=1" -i nrext64=0 "\${options[@]}" -p protofile \\
  -d "file,name=volume,size=$SIZE"
perl finish.pl volume later
${putIntoDisk}`;

export const xfs: Writer = {
  script,
  files: { 'protofile.pl': protofile, 'finish.pl': finish },
  isBesideDisk: true,
};
