import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileSystem, PlannedPartition } from '../plan/disks.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** Own features, not the ones this computer's mke2fs.conf happens to name: GRUB and older kernels must read it. */
export const mke2fsConfiguration = `[defaults]
base_features = sparse_super,large_file,filetype,resize_inode,dir_index,ext_attr
default_mntopts = acl,user_xattr
enable_periodic_fsck = 0
blocksize = 4096
inode_size = 256
inode_ratio = 16384
[fs_types]
small = {
  inode_ratio = 8192
}
ext2 = {
  inode_size = 256
}
ext3 = {
  features = has_journal
}
ext4 = {
  features = has_journal,extent,huge_file,flex_bg,metadata_csum,64bit,dir_nlink,extra_isize
}
`;

/**
 * mke2fs takes over when a file was changed and read on this computer, which no tool can set: debugfs does, in half a
 * second. Nothing has been removed yet, so the inodes in use are the first ones.
 */
const ext = `
export MKE2FS_CONFIG="$FOLDER/mke2fs.conf" E2FSPROGS_FAKE_TIME="$EPOCH" SOURCE_DATE_EPOCH="$EPOCH"
mke2fs -q -F -t "$TYPE" -L "$LABEL" -U "$UUID" -d "$ROOT" \\
  -E "offset=$START,nodiscard,hash_seed=$UUID,root_owner=0:0" "$DISK" "$((SIZE / 1024))k"
used=$(dumpe2fs -h "$DISK?offset=$START" 2> /dev/null |
  awk -F: '/^Inode count/ { all = $2 } /^Free inodes/ { free = $2 } END { print all - free }')
for inode in $(seq 2 "$used"); do
  printf 'sif <%d> ctime @%d\\nsif <%d> atime @%d\\n' "$inode" "$EPOCH" "$inode" "$EPOCH"
done > "$FOLDER/times"
debugfs -w -f "$FOLDER/times" "$DISK?offset=$START" > /dev/null 2> "$FOLDER/debugfs"
rm "$FOLDER/times" "$FOLDER/debugfs"
`;

const putIntoDisk = `
dd if="$FOLDER/volume" of="$DISK" bs=1M conv=sparse,notrunc oflag=seek_bytes seek="$START" status=none
rm "$FOLDER/volume"
`;

/** --rootdir takes owners, rights, dates and attributes along; hard links become files of their own. */
const btrfs = `
truncate -s "$SIZE" "$FOLDER/volume"
options=()
[ -z "$LABEL" ] || options+=(--label "$LABEL")
mkfs.btrfs --quiet --force --metadata single --uuid "$UUID" "\${options[@]}" --rootdir "$ROOT" "$FOLDER/volume"
${putIntoDisk}`;

/**
 * A protofile (mkfs.xfs(8)) of a folder. It has no dates and attributes, no sticky bit and no blanks in names: the
 * sticky bit is set afterwards, a name or a link with a blank ends the build, hard links become files of their own.
 */
export const protofile = `
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

const xfs = `
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

/** FAT has neither owners nor links: what is no plain file ends the build. */
const vfat = `
export MTOOLS_SKIP_CHECK=1 SOURCE_DATE_EPOCH="$EPOCH"
options=(-h 64 -s 32 -T $((SIZE / 512)) -N "$ID")
[ "$TYPE" = e ] || options+=(-F)
[ -z "$LABEL" ] || options+=(-v "$LABEL")
mformat -i "$DISK@@$START" "\${options[@]}" ::
if [ -e "$EFI" ]; then
  mmd -i "$DISK@@$START" ::/EFI ::/EFI/BOOT
  mcopy -i "$DISK@@$START" "$EFI" ::/EFI/BOOT/BOOTX64.EFI
fi
if [ -n "$ROOT" ] && [ -n "$(ls -A "$ROOT")" ]; then
  other="$(find "$ROOT" ! -type f ! -type d -print -quit)"
  [ -z "$other" ] || { echo "E: FAT has no links: \${other#"$ROOT"}" >&2; exit 1; }
  mcopy -i "$DISK@@$START" -s -n -m "$ROOT"/* ::/
fi
`;

const swap = `
truncate -s "$SIZE" "$FOLDER/volume"
options=()
[ -z "$LABEL" ] || options+=(-L "$LABEL")
mkswap --quiet -U "$UUID" "\${options[@]}" "$FOLDER/volume"
${putIntoDisk}`;

export const fileSystemScripts: Readonly<Record<FileSystem, string>> = {
  ext2: ext,
  ext3: ext,
  ext4: ext,
  xfs,
  btrfs,
  vfat,
  swap,
};

/** What the appliance needs to check and grow a file system. */
export const fileSystemPackages: Readonly<Partial<Record<FileSystem, string>>> = {
  xfs: 'xfsprogs',
  btrfs: 'btrfs-progs',
  vfat: 'dosfstools',
};

export interface VolumeRequest {
  readonly partition: PlannedPartition;
  /** The raw disk's file. */
  readonly disk: string;
  /** The folder with the files; undefined: none. */
  readonly root: string | undefined;
  /** GRUB for UEFI, which goes into the partition for it. */
  readonly efi: string;
  /** Seconds since 1970. */
  readonly epoch: number;
  /** New, for scratch files. */
  readonly folder: string;
  readonly sandbox: Sandbox;
}

/** Makes a partition's file system on a raw disk, with the files of a folder: without root, loop device or mount. */
export async function writeFileSystem(request: VolumeRequest): Promise<void> {
  const { partition, disk, root, efi, epoch, folder, sandbox } = request;
  const { fileSystem, uuid, label = '', start, size, type, isEfi } = partition;
  if (fileSystem === undefined) return;
  await writeFile(join(folder, 'mke2fs.conf'), mke2fsConfiguration);
  await writeFile(join(folder, 'protofile.pl'), protofile);
  await sandbox.run(fileSystemScripts[fileSystem], {
    reads: [...(root === undefined ? [] : [root]), ...(isEfi ? [efi] : [])],
    writes: [folder, dirname(disk)],
    env: {
      ROOT: root ?? '',
      FOLDER: folder,
      DISK: disk,
      TYPE: fileSystem === 'vfat' ? type : fileSystem,
      LABEL: label,
      UUID: uuid,
      ID: fatId(uuid),
      EFI: isEfi ? efi : '',
      EPOCH: String(epoch),
      START: String(start),
      SIZE: String(size),
    },
  });
}

/** FAT has a serial number of eight hex digits instead of a UUID. */
export function fatId(uuid: string): string {
  return uuid.slice(0, 8);
}
