/**
 * A command of UShareSoft's own clients as `npm run test:foreign` runs it, in this order, and how it ends with
 * the local forge: its exit code and a part of what it prints.
 */
export interface ForeignCommand {
  readonly client: 'hammr' | 'uforge';
  readonly command: string;
  readonly code: number;
  readonly says: string;
  /** Signed by an API key (`-k`, `-s`) and without a password. */
  readonly byKey?: true;
  /** It is ended outright as soon as it says so: what it has begun goes on. */
  readonly killed?: true;
}

type Row = readonly [command: string, says: string, code?: number];

const rows = (client: ForeignCommand['client'], of: readonly Row[]): ForeignCommand[] =>
  of.map(([command, says, code = 0]) => ({ client, command, code, says }));

const byKey = (command: ForeignCommand): ForeignCommand => ({ ...command, byKey: true });

/** hammr 3.8.13 and uforgecli 3.8.13, unported, under Python 2.7. The files are made by the test. */
export const foreignCommands: readonly ForeignCommand[] = [
  ...rows('hammr', [
    ['user info', '| forge |'],
    ['os list', 'Found 3 distributions'],
    ['os search --id 12 --pkg nginx-light', '| nginx-light |'],
    ['format list', '| Xen '],
    ['platform list', '| VMware vCloud Director |'],
    ['quota list', 'UNLIMITED'],
    ['template validate --file template.yml', 'is ok'],
    ['template create --file template.yml', 'Template create: DONE'],
    ['template build --file template.yml', "Generation 'QCOW2' ok"],
    ['template build --file template.yml --simulate', "Generation 'QCOW2' ok"],
    ['template list', 'Found 1 templates'],
    ['template export --id 1', 'Download complete of file [archive.tar.gz]'],
    [
      'template import --file archive.tar.gz',
      'An appliance with the same name and version already exists',
      2,
    ],
    ['template clone --id 1 --name copy --version 2.0', 'Clonned successfully'],
    ['template delete --id 1', 'Template deleted'],
    ['template import --file archive.tar.gz', 'Template import: DONE'],
    ['template create --file other.yml', 'Template create: DONE'],
    ['template build --file template.yml', "Generation 'QCOW2' ok"],
    ['image list', 'Found 1 images'],
    ['image info --id 3', 'Done, created on'],
    ['image download --id 3 --file image.qcow2', 'Image downloaded'],
  ]),
  {
    client: 'hammr',
    command: 'template build --file other.yml',
    code: 137,
    says: 'Installing packag',
    killed: true,
  },
  ...rows('hammr', [
    ['image cancel --id 4', 'Image Canceled'],
    ['image list', '| Canceled '],
    ['image delete --id 4', 'Image deleted'],
    ['account create --file account.yml', 'Account create successfully for [OpenStack]'],
    ['account list', 'Found 1 accounts'],
    ['account delete --id 1', 'Account deleted'],
    ['bundle validate --file bundle.yml', 'is ok'],
    ['bundle create --file bundle.yml', 'Bundle create: DONE'],
    ['bundle list', 'Found 2 bundles'],
    ['bundle export --id 1', 'Download complete of file [lib.tar.gz]'],
    ['bundle clone --id 1 --name copy --version 1.0', 'Clonned successfully'],
    ['bundle delete --id 1', 'Bundle deleted'],
    ['bundle import --file lib.tar.gz', 'Bundle import: DONE'],
    ['bundle categories', 'No categories available'],
    ['deploy list', 'No deployment available'],
    ['scan list', 'No scans available'],
    ['migration list', 'No migrations available'],
  ]),
  ...rows('hammr', [
    ['user info', '| forge |'],
    ['os search --id 12 --pkg nginx-light', '| nginx-light |'],
    ['template create --file keyed.yml', 'Template create: DONE'],
    ['template build --file keyed.yml --simulate', "Generation 'QCOW2' ok"],
    ['template list', '| keyed '],
    ['template export --id 5', 'Download complete of file [archive.tar.gz]'],
    ['template delete --id 5', 'Template deleted'],
    ['image download --id 3 --file by-key.qcow2', 'Image downloaded'],
  ]).map(byKey),
  ...rows('uforge', [
    ['user info --account forge', '| forge |'],
    ['images list --account forge', '1 images found.'],
  ]).map(byKey),
  ...rows('uforge', [
    ['user info --account forge', '| forge |'],
    ['user os list --account forge', 'Debian'],
    ['user role list --account forge', 'user_administrate'],
    ['user quota list --account forge', 'unlimited'],
    ['user targetformat list --account forge', '| Xen '],
    ['user targetplatform list --account forge', 'VMware vCloud Director'],
    ['user org list --account forge', 'Local forge'],
    ['user api info --account forge', 'No api keys quota found for [forge].'],
    ['org list', 'Local forge'],
    ['org info', 'Auto Active New Accounts'],
    ['org os list', 'Found 3 distributions in organization [Local forge].'],
    ['org format list', 'Found 33 formats.'],
    ['org targetformat list', 'Found 33 target formats.'],
    ['org targetplatform list', 'Found 13 target platforms.'],
    ['org category list', 'Found 4 categories.'],
    ['entitlement list', 'user_create'],
    ['os list', 'Debian'],
    ['template list --account forge', '| foreign '],
    ['template info --id 3 --account forge', 'hello firstboot'],
    ['images list --account forge', '1 images found.'],
    ['images info --id 3 --account forge', 'No published images'],
    ['pimages list --account forge', 'No publish images for user [forge].'],
    ['user list', 'The local forge does not serve user_getAll.'],
    ['org user list', 'The local forge does not serve orgMember_getAll.', 2],
    ['org repo list', 'There is nothing at /api/orgs/1/repositories.', 2],
    ['role list', 'The local forge does not serve role_getAll.', 2],
    ['subscription list', 'There is nothing at /api/orgs/1/subscriptions.', 2],
  ]),
];
