import { putIntoDisk, type Writer } from './writer.ts';

/**
 * A protofile (mkfs.xfs(8)) of a folder. It has no dates and attributes, no sticky bit and no blanks in names: the
 * sticky bit is set afterwards, a name or a link with a blank ends the build, hard links become files of their own.
 */
const protofile = `
use strict; use warnings;
my ($root, $sticky) = @ARGV;
open my $marked, '>', $sticky or die;
sub walk {
  my ($path, $inside, $indent) = @_;
  opendir my $dir, $path or die "$path: $!";
  for my $name (sort grep { $_ ne '.' && $_ ne '..' } readdir $dir) {
    my $file = "$path/$name";
    die "E: XFS can't be filled with a name that has a blank: $inside/$name\\n" if $name =~ /\\s/;
    my @stat = lstat $file or die "$file: $!";
    my ($mode, $uid, $gid, $rdev) = @stat[2, 4, 5, 6];
    my $kind = $mode & 0170000;
    my $rights = sprintf '%s%s%03o %d %d', $mode & 04000 ? 'u' : '-', $mode & 02000 ? 'g' : '-', $mode & 0777, $uid, $gid;
    print $marked "$inside/$name\\n" if $mode & 01000 && $kind == 0040000;
    if ($kind == 0040000) {
      print "$indent$name d$rights\\n";
      walk($file, "$inside/$name", "$indent ");
      print "$indent\\$\\n";
    } elsif ($kind == 0120000) {
      # A line break in it would be a line of the protofile.
      my $target = readlink $file;
      die "E: XFS can't be filled with a link to a name that has a blank: $inside/$name\\n" if $target =~ /\\s/;
      print "$indent$name l$rights $target\\n";
    }
    elsif ($kind == 0100000) { print "$indent$name -$rights $file\\n" }
    elsif ($kind == 0020000 || $kind == 0060000) {
      printf "%s%s %s%s %d %d\\n", $indent, $name, $kind == 0020000 ? 'c' : 'b', $rights, $rdev >> 8 & 0xfff, $rdev & 0xff;
    } elsif ($kind == 0010000) { print "$indent$name p$rights\\n" }
  }
}
my @top = lstat $root;
printf "/\\n0 0\\nd--%03o %d %d\\n", $top[2] & 0777, $top[4], $top[5];
print $marked "/\\n" if $top[2] & 01000;
walk($root, '', ' ');
print "\\$\\n";
`;

const script = `
perl "$FOLDER/protofile.pl" "$ROOT" "$FOLDER/sticky" > "$FOLDER/protofile"
truncate -s "$SIZE" "$FOLDER/volume"
options=()
[ -z "$LABEL" ] || options+=(-L "$LABEL")
# GRUB 2.06 knows no other features than these.
mkfs.xfs -q -f -m "uuid=$UUID,rmapbt=0,reflink=1" -i nrext64=0 "\${options[@]}" -p "$FOLDER/protofile" \\
  -d "file,name=$FOLDER/volume,size=$SIZE"
while read -r path; do
  mode="$(xfs_db -r -c "path $path" -c 'print core.mode' "$FOLDER/volume" | sed 's/.*= 0*//')"
  xfs_db -x -c "path $path" -c "write core.mode 0$(printf '%o' $((0$mode | 01000)))" "$FOLDER/volume" > /dev/null
done < "$FOLDER/sticky"
${putIntoDisk}`;

export const xfs: Writer = { script, files: { 'protofile.pl': protofile }, isBesideDisk: true };
