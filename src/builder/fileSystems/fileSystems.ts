import { btrfs } from './btrfs.ts';
import { ext } from './ext.ts';
import { fat, fatId } from './fat.ts';
import { swap } from './swap.ts';
import type { Writer } from './writer.ts';
import { xfs } from './xfs.ts';

/** How templates call a file system, in any case of letters; the first goes for the kernel's name, too. */
interface Fstype {
  readonly name: string;
  /** In the table of an MBR disk, in hex. */
  readonly mbrType: string;
  /** MB. */
  readonly most?: number;
}

interface FileSystemFacts {
  readonly fstypes: readonly Fstype[];
  readonly writer: Writer;
  /** The tool that makes it, and the Debian package that has the tool. */
  readonly madeBy: { readonly tool: string; readonly package: string };
  /** The Debian package with which the appliance checks and grows it; none where it is there anyway. */
  readonly package?: string;
  /** GRUB's module for it. Absent: it can't have links, so it is neither for the system nor for its kernels. */
  readonly grubModule?: string;
  /** MB. */
  readonly least?: number;
  /** Characters. */
  readonly longestLabel: number;
  /** fstab(5): the options, those at `/` where they differ, and whether it is checked at every start. */
  readonly options?: string;
  readonly rootOptions?: string;
  readonly isChecked: boolean;
  /** What the kernel knows it by, where that isn't its UUID. */
  readonly idOf?: (uuid: string) => string;
}

const linux = '83';

const kindOfExt = (name: string): FileSystemFacts => ({
  fstypes: [{ name, mbrType: linux }],
  writer: ext,
  madeBy: { tool: 'mke2fs', package: 'e2fsprogs' },
  grubModule: 'ext2',
  longestLabel: 16,
  rootOptions: 'errors=remount-ro',
  isChecked: true,
});

/** The file systems the build makes, by the kernel's name: a new one is a row here, and a file if it needs a writer. */
const table = {
  ext2: kindOfExt('ext2'),
  ext3: kindOfExt('ext3'),
  ext4: kindOfExt('ext4'),
  xfs: {
    fstypes: [{ name: 'xfs', mbrType: linux }],
    writer: xfs,
    madeBy: { tool: 'mkfs.xfs', package: 'xfsprogs' },
    package: 'xfsprogs',
    grubModule: 'xfs',
    least: 300,
    longestLabel: 12,
    isChecked: false,
  },
  btrfs: {
    fstypes: [{ name: 'btrfs', mbrType: linux }],
    writer: btrfs,
    madeBy: { tool: 'mkfs.btrfs', package: 'btrfs-progs' },
    package: 'btrfs-progs',
    grubModule: 'btrfs',
    least: 128,
    longestLabel: 255,
    isChecked: false,
  },
  vfat: {
    fstypes: [
      { name: 'FAT32', mbrType: 'c' },
      { name: 'FAT16', mbrType: 'e', most: 2048 },
    ],
    writer: fat,
    madeBy: { tool: 'mcopy', package: 'mtools' },
    package: 'dosfstools',
    longestLabel: 11,
    options: 'umask=0077',
    isChecked: true,
    idOf: (uuid) => fatId(uuid).toUpperCase().replace(/^.{4}/, '$&-'),
  },
  swap: {
    fstypes: [{ name: 'linux-swap', mbrType: '82' }],
    writer: swap,
    madeBy: { tool: 'mkswap', package: 'util-linux' },
    longestLabel: 15,
    isChecked: false,
  },
} satisfies Record<string, FileSystemFacts>;

export type FileSystem = keyof typeof table;

export const fileSystems: Readonly<Record<FileSystem, FileSystemFacts>> = table;

/** What has to be on this computer to make them. */
export const fileSystemTools = [
  ...new Map(Object.values(fileSystems).map(({ madeBy }) => [madeBy.tool, madeBy])).values(),
];

/** What a template calls so: by a name of the table, or the kernel's. */
export function fileSystemCalled(fstype: string): (Fstype & { readonly fileSystem: FileSystem }) | undefined {
  const called = fstype.toLowerCase();
  const all = (Object.keys(table) as FileSystem[]).flatMap((fileSystem) =>
    fileSystems[fileSystem].fstypes.map((each) => ({ ...each, fileSystem })),
  );
  return all.find(({ name, fileSystem }) => [name.toLowerCase(), fileSystem].includes(called));
}

/** For a sentence: the names templates have for those of which that is true. */
export function fstypesWhere(is: (facts: FileSystemFacts) => boolean, conjunction: 'and' | 'or'): string {
  const names = Object.values(fileSystems).flatMap((facts) =>
    is(facts) ? facts.fstypes.map(({ name }) => name) : [],
  );
  return names.join(', ').replace(/, ([^,]+)$/, ` ${conjunction} $1`);
}
