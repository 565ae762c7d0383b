import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox } from '../sandbox.ts';
import type { PartitionPlace } from './layout.ts';

/** Own features, not the ones this computer's mke2fs.conf happens to name: GRUB and older kernels must read it. */
const configuration = `[defaults]
base_features = sparse_super,large_file,filetype,resize_inode,dir_index,ext_attr
default_mntopts = acl,user_xattr
enable_periodic_fsck = 0
blocksize = 4096
inode_size = 256
inode_ratio = 16384
[fs_types]
ext4 = {
  features = has_journal,extent,huge_file,flex_bg,metadata_csum,64bit,dir_nlink,extra_isize
}
`;

/** The plain bind keeps what might be mounted inside the root out of the image. */
const script = `
mkdir "$FOLDER/bind"
mount --bind "$ROOT" "$FOLDER/bind"
export MKE2FS_CONFIG="$FOLDER/mke2fs.conf" E2FSPROGS_FAKE_TIME="$EPOCH" SOURCE_DATE_EPOCH="$EPOCH"
mke2fs -q -F -t ext4 -L root -U "$UUID" -d "$FOLDER/bind" \\
  -E "offset=$START,nodiscard,hash_seed=$UUID,root_owner=0:0" "$DISK" "\${SIZE_KB}k"
`;

export interface Ext4Request {
  /** The folder with the files. */
  readonly root: string;
  readonly disk: string;
  readonly place: PartitionPlace;
  readonly uuid: string;
  /** Seconds since 1970. */
  readonly epoch: number;
  /** For scratch files. */
  readonly folder: string;
  readonly sandbox: Sandbox;
}

/** Makes an ext4 file system with the files of a folder in a partition of a raw disk. */
export async function writeExt4({
  root,
  disk,
  place,
  uuid,
  epoch,
  folder,
  sandbox,
}: Ext4Request): Promise<void> {
  await writeFile(join(folder, 'mke2fs.conf'), configuration);
  await sandbox.run(script, {
    env: {
      ROOT: root,
      FOLDER: folder,
      DISK: disk,
      UUID: uuid,
      EPOCH: String(epoch),
      START: String(place.start),
      SIZE_KB: String(place.size / 1024),
    },
  });
}
