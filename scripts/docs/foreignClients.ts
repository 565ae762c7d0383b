/** A command of UShareSoft's own clients, and why it does not work with the local forge, where it does not. */
interface ForeignCommand {
  readonly client: 'hammr' | 'uforge';
  readonly command: string;
  readonly whyNot?: string;
}

const admin = 'administration: the forge has one organisation, and users by `forge user` (501)';

function commands(
  client: ForeignCommand['client'],
  rows: Readonly<Record<string, string>>,
): ForeignCommand[] {
  return Object.entries(rows).map(([command, whyNot]) => ({
    client,
    command,
    ...(whyNot !== '' && { whyNot }),
  }));
}

/**
 * hammr 3.8.13 and uforgecli 3.8.13, unported, under Python 2.7. What is said to work was run by hand.
 */
export const foreignCommands: readonly ForeignCommand[] = [
  ...commands('hammr', {
    'user info': '',
    'os list': '',
    'os search': '',
    'format list': '',
    'platform list': '',
    'quota list': '',
    'template validate, create, list, export, import, clone, delete': '',
    'template build (also `--simulate`)': '',
    'image list, info, download, cancel, delete': '',
    'image publish': 'works as far as there is a publisher for the platform: docs/formats.md',
    'image deploy': 'as image publish',
    'account create, list, delete': '',
    'bundle validate, create, list, export, import, clone, delete, categories': '',
    'deploy list': '',
    'scan list': 'an empty list',
    'scan run, build, import …': 'the forge scans nothing',
    'migration list': 'an empty list',
    'migration launch …': 'the forge migrates nothing',
  }),
  ...commands('uforge', {
    'user info': '',
    'user os list, quota list, targetformat list, targetplatform list, org list, role list, api info': '',
    'user list, create, enable, disable …': admin,
    'org list, info': '',
    'org os list, format list, targetformat list, targetplatform list, category list': '',
    'org user list, repo list, golden list …': admin,
    'entitlement list': '',
    'os list': '',
    'os milestone …': 'Debian has none',
    'role …, subscription …': admin,
    'template list, info': '',
    'images list, info': '',
    'pimages list': '',
  }),
];
