/** How a file system is made and filled on a raw disk, without root, loop device or mount. */
export interface Writer {
  /** Runs in the sandbox; `writeFileSystem` says with which environment. */
  readonly script: string;
  /** What it reads besides, by name in its scratch folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** With all its files it is made beside the disk first, which takes that much room more. */
  readonly isBesideDisk?: true;
}

/** The end of a script that makes its volume beside the disk. */
export const putIntoDisk = `
dd if="$FOLDER/volume" of="$DISK" bs=1M conv=sparse,notrunc oflag=seek_bytes seek="$START" status=none
rm "$FOLDER/volume"
`;
