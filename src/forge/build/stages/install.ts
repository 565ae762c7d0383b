import { writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourcePath } from '../../../appliance/unpack.ts';
import type { InstalledPackage } from '../model.ts';
import { installStatus } from '../packages/aptFolder.ts';
import { readInstalledPackages } from '../packages/installed.ts';
import type { Resolution } from '../packages/resolve.ts';
import type { BaseRootRequest } from '../root/baseRoot.ts';
import { baseRootPath, hasBaseRoot, makeBaseRoot, unpackBaseRoot } from '../root/baseRoot.ts';
import { installBootScripts } from '../root/bootScripts.ts';
import { customizeScript } from '../root/customize.ts';
import { writeOverlay } from '../root/overlay.ts';
import { hostKeysUnit, rootFiles } from '../root/rootFiles.ts';
import { aptFolderOf } from './checkDependencies.ts';
import type { EmptyDisk } from './createDisk.ts';
import type { StageContext } from './stage.ts';

/** Installs everything into a folder and puts that onto the disk. Resolves with what is installed. */
export async function install(
  resolution: Resolution,
  disk: EmptyDisk,
  context: StageContext,
): Promise<InstalledPackage[]> {
  const root = join(context.request.workDir, 'root');
  const customizedFrom = await layBase(root, resolution, context);
  await customize(root, resolution, customizedFrom, context);
  const packages = await readInstalledPackages(root, resolution.requested, context.sandbox);
  await putOntoDisk(root, disk, context);
  return packages;
}

/** The base root, unpacked from the cache or installed; the fraction of the stage that is done then. */
async function layBase(root: string, resolution: Resolution, context: StageContext): Promise<number> {
  const { plan, request, sandbox, report, log } = context;
  const base: BaseRootRequest = { plan, packages: resolution.base, cacheDir: request.cacheDir, sandbox };
  const cached = baseRootPath(base);
  if (await hasBaseRoot(cached)) {
    log(`Base root from the cache: ${cached}`);
    const activity = 'unpacking the base system';
    report({ fraction: 0, activity });
    await unpackBaseRoot(base, cached, root, (fraction) => report({ fraction: fraction * 0.25, activity }));
    return 0.25;
  }
  const requested = resolution.requested.slice(0, resolution.requested.length - plan.packages.length);
  const names = { root, aptFolder: aptFolderOf(request.workDir), requested };
  await makeBaseRoot(base, names, (fraction, activity) => report({ fraction: fraction * 0.75, activity }));
  return 0.75;
}

async function customize(
  root: string,
  resolution: Resolution,
  from: number,
  context: StageContext,
): Promise<void> {
  const { plan, request, sandbox, report } = context;
  const scripts = installBootScripts(plan.bootScripts, (script) =>
    readFileSync(sourcePath(request.filesDir, script.source)),
  );
  const overlay = join(request.workDir, 'overlay');
  const files = [...rootFiles(plan), ...scripts.flatMap((script) => script.files)];
  await writeOverlay(overlay, files, plan.epoch);
  const wanted = new Set(resolution.requested);
  const automatic = resolution.extra.filter((pkg) => !wanted.has(pkg.name));
  await sandbox.run(customizeScript, {
    env: {
      ROOT: root,
      OVERLAY: overlay,
      APT: aptFolderOf(request.workDir),
      INSTALL: resolution.extra.map((pkg) => `${pkg.name}=${pkg.version}`).join(' '),
      AUTOMATIC: automatic.map((pkg) => pkg.name).join(' '),
      UNITS: [hostKeysUnit, ...scripts.map((script) => script.unit)].join(' '),
      TIMEZONE: plan.timezone,
      HOSTNAME_NEW: plan.hostname,
      EPOCH: String(plan.epoch),
      HAS_PASSWORD: plan.rootPassword === undefined ? 'no' : 'yes',
    },
    input: plan.rootPassword ?? '',
    onStatus: (line) => {
      const status = installStatus(line);
      if (status === undefined) return;
      const fraction = from + (0.9 - from) * (status.percent / 100);
      report({ fraction, activity: status.text.replace(/ \(amd64\)$/, '') });
    },
  });
}

/** Own features, not the ones this computer's mke2fs.conf happens to name: GRUB and older kernels must read it. */
const mke2fsConfiguration = `[defaults]
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
const makeFileSystem = `
mkdir "$FOLDER/bind"
mount --bind "$ROOT" "$FOLDER/bind"
export MKE2FS_CONFIG="$FOLDER/mke2fs.conf" E2FSPROGS_FAKE_TIME="$EPOCH" SOURCE_DATE_EPOCH="$EPOCH"
mke2fs -q -F -t ext4 -L root -U "$UUID" -d "$FOLDER/bind" \\
  -E "offset=$START,nodiscard,hash_seed=$UUID,root_owner=0:0" "$DISK" "\${SIZE_KB}k"
`;

async function putOntoDisk(root: string, disk: EmptyDisk, context: StageContext): Promise<void> {
  const { plan, request, sandbox, report } = context;
  report({ fraction: 0.9, activity: 'writing the file system' });
  const folder = join(request.workDir, 'loader');
  await writeFile(join(folder, 'mke2fs.conf'), mke2fsConfiguration);
  await sandbox.run(makeFileSystem, {
    env: {
      ROOT: root,
      FOLDER: folder,
      DISK: disk.path,
      UUID: plan.rootUuid,
      EPOCH: String(plan.epoch),
      START: String(disk.layout.root.start),
      SIZE_KB: String(disk.layout.root.size / 1024),
    },
  });
  report({ fraction: 1, activity: 'writing the file system' });
}
