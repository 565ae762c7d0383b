import type { Writer } from './writer.ts';

/** Own features, not the ones this computer's mke2fs.conf happens to name: GRUB and older kernels must read it. */
const mke2fsConfiguration = `[defaults]
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
const script = `
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

/** ext2, ext3 and ext4. */
export const ext: Writer = { script, files: { 'mke2fs.conf': mke2fsConfiguration } };
