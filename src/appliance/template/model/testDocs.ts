import type { TemplateKeyDoc } from './keyDoc.ts';

/** What the keys of a template’s tests mean. */
export const testDocs: Readonly<Record<string, TemplateKeyDoc>> = {
  'Template.tests': {
    text: 'What a good image does: checks of the running machine, one an entry. They stay here and are no part of what a server gets.',
    example: [{ service: 'nginx' }, { http: 'http://localhost/', status: 200 }, { noFailedUnits: true }],
  },
  'Test.name': {
    text: 'What the check is called; made of what it looks at unless told.',
    example: 'the web server answers',
  },
  'Test.console': {
    text: 'A regular expression that a line on the serial console must match.',
    example: 'login:',
  },
  'Test.command': {
    text: 'A command that root’s shell in the machine runs. It must end with `exitCode`, and print `output` where there is one.',
    example: 'nginx -t',
  },
  'Test.exitCode': { text: 'What the command must end with; 0 unless told.', example: 0 },
  'Test.output': {
    text: 'A regular expression for what the command prints, be it output or error.',
    example: 'successful',
  },
  'Test.port': { text: 'A TCP port of the machine that must answer, from outside of it.', example: 22 },
  'Test.http': {
    text: 'An address as the machine itself would call it, asked from outside: the port counts, redirects are not followed, certificates are not checked.',
    example: 'http://localhost/',
  },
  'Test.status': { text: 'The status of the answer; any from 200 to 299 unless told.', example: 200 },
  'Test.body': { text: 'A regular expression for the body of the answer.', example: 'Welcome' },
  'Test.file': {
    text: 'A file or a folder that must be there; as `content`, `ownerGroup` and `rights` say, where they do.',
    example: '/etc/hostname',
  },
  'Test.content': { text: 'A regular expression for what is in the file.', example: '^web01$' },
  'Test.ownerGroup': {
    text: 'Owner and group, for example `root:root`; or the owner alone.',
    example: 'root:root',
  },
  'Test.rights': { text: 'Rights in octal, for example `644`.', example: '644' },
  'Test.package': { text: 'A package that must be installed.', example: 'nginx' },
  'Test.version': {
    text: 'Its version: bounds such as `>= 1.22, < 2`, compared as Debian compares versions; a version alone is that one.',
    example: '>= 1.22',
  },
  'Test.service': { text: 'A unit of systemd that must be active.', example: 'nginx' },
  'Test.noFailedUnits': {
    text: 'No unit of systemd has failed once the machine has started.',
    example: true,
  },
  'Test.within': {
    text: 'Seconds in which it must become so: on the console from the start of the machine (600 unless told), for `port` and `http` from the moment the check begins (60). All others are looked at once unless told.',
    example: 120,
  },
};
