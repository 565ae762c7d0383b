import type { TemplateKeyDoc } from './keyDoc.ts';

const repository = {
  name: 'example',
  url: 'https://packages.example.com/debian',
  suite: 'bookworm',
  key: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n…\n-----END PGP PUBLIC KEY BLOCK-----\n',
};

/** What is ours of packages and where they come from: UForge has none of it. */
export const packageDocs: Readonly<Record<string, TemplateKeyDoc>> = {
  'Os.withoutPkgs': {
    text: 'Packages of the profile to leave out. Local forge only.',
    example: ['systemd-timesyncd'],
  },
  'Os.recommends': {
    text: 'Whether what the packages recommend is installed, too. The ticket’s log lists what is left out. Local forge only.',
    example: true,
  },
  'Os.components': {
    text: 'Further components of the distribution’s archive: `contrib`, `non-free`, `non-free-firmware`. Local forge only.',
    example: ['non-free-firmware'],
  },
  'Os.backports': {
    text: 'Whether the distribution’s backports are a source of packages; those with `backports: true` come from there. Local forge only.',
    example: true,
  },
  'Os.repositories': {
    text: 'Further apt archives: for the build and, afterwards, for the machine. Local forge only.',
    example: [repository],
  },
  'Os.debconf': {
    text: 'Answers to what packages ask when they are installed. Local forge only.',
    example: [{ package: 'man-db', question: 'man-db/auto-update', type: 'boolean', value: 'false' }],
  },
  'Package.recommends': {
    text: 'Whether what this package recommends is installed, too. Local forge only.',
    example: true,
  },
  'Package.backports': {
    text: 'Whether the package comes from the backports. Local forge only.',
    example: true,
  },
  'Repository.name': { text: 'Name of the archive: letters, digits and hyphens.', example: 'example' },
  'Repository.url': {
    text: 'Its address. A login is never part of it: see `FORGE_REPOSITORY_AUTH`.',
    example: repository.url,
  },
  'Repository.suite': {
    text: 'Its suite, for example `bookworm`; `/` for an archive without suites.',
    example: 'bookworm',
  },
  'Repository.components': { text: 'Its components; `main` unless told.', example: ['main'] },
  'Repository.key': {
    text: 'The public key that signs it, in ASCII armour: the text itself, not its file.',
    example: repository.key,
  },
  'Repository.priority': {
    text: 'How its packages rank, as `Pin-Priority` of apt: 500 unless told, 100 for those that are installed only where nothing else has them.',
    example: 100,
  },
  'DebconfAnswer.package': { text: 'The package that asks.', example: 'man-db' },
  'DebconfAnswer.question': { text: 'Name of the question.', example: 'man-db/auto-update' },
  'DebconfAnswer.type': { text: 'Type of the question; `string` unless told.', example: 'boolean' },
  'DebconfAnswer.value': { text: 'The answer.', example: 'false' },
};
