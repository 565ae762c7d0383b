import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { foreignCommands, type ForeignCommand } from '../../scripts/docs/foreignClients.ts';
import { element, startForge, temporaryFolder, type TestForge } from '../forge/server/support.ts';
import { withoutOutputs } from '../support/cacheFolder.ts';

const clients = process.env['FOREIGN_CLIENTS'] ?? '';

const template = (version: string, pkg: string, name = 'foreign'): string => `stack:
  name: ${name}
  version: "${version}"
  os:
    name: Debian
    version: "12"
    arch: x86_64
    profile: Minimal
    pkgs:
      - name: ${pkg}
  installation:
    diskSize: 4096
  config:
    - name: hello
      source: boot.sh
      type: bootscript
      frequency: firstboot
      order: 1
  bundles:
    - name: own
      version: "1.0"
      files:
        - name: a.txt
          source: files/a.txt
          destination: /opt/own
builders:
  - type: QCOW2
    hardwareSettings:
      memory: 512
`;

const files: Readonly<Record<string, string>> = {
  'template.yml': template('1.0', 'nginx-light'),
  'other.yml': template('3.0', 'mc'),
  'keyed.yml': template('1.0', 'nginx-light', 'keyed'),
  'boot.sh': '#!/bin/sh\n',
  'files/a.txt': 'hi\n',
  'bundle.yml': `name: lib
version: "2.0"
files:
  - name: a.txt
    source: files/a.txt
    destination: /opt/lib
`,
  'account.yml': `accounts:
  - type: OpenStack
    name: mine
    glanceUrl: http://os:9292
    keystoneUrl: http://os:5000
    keystoneVersion: v3
    login: me
    password: hush
`,
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
let keys: readonly string[];
before(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'files'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder.path, name), content);
  // The build that is cancelled must not be one that is done at once.
  const cache = await withoutOutputs(join(folder.path, 'cache'));
  forge = await startForge(join(folder.path, 'data'), ['--cache', cache], {
    FORGE_USER: 'forge',
    FORGE_PASSWORD: 'secret',
  });
  const { text } = await forge.call('POST', '/users/forge/apikeys', {
    headers: { 'content-type': 'application/json' },
    body: '{"apiKeyPair":{"name":"for hammr"}}',
  });
  keys = ['-k', element(text, 'publicKey') ?? '', '-s', element(text, 'secretKey') ?? ''];
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Runs it in the folder with the files; whatever it asks is answered with yes. */
function run({
  client,
  command,
  says,
  killed,
  byKey,
}: ForeignCommand): Promise<{ code: number; text: string }> {
  const server = client === 'hammr' ? '-a' : '-U';
  const user = ['-u', 'forge'];
  // A key says whose it is: hammr wants to be told besides, uforgecli would ask for a password.
  const who = byKey ? [...(client === 'hammr' ? user : []), ...keys] : [...user, '-p', 'secret'];
  const login = [server, forge.url, ...who];
  const child = spawn(join(clients, client), [...login, ...command.split(' ')], {
    cwd: folder.path,
    env: { ...process.env, HOME: folder.path },
  });
  let text = '';
  const read = (more: string): void => {
    text += more;
    if (killed && text.includes(says)) child.kill('SIGKILL');
  };
  child.stdout.setEncoding('utf8').on('data', read);
  child.stderr.setEncoding('utf8').on('data', read);
  child.stdin.on('error', () => undefined); // it asked less than it was answered
  child.stdin.end('yes\n'.repeat(3));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: signal === 'SIGKILL' ? 137 : (code ?? 1), text }));
  });
}

suite('UShareSoft’s own clients', () => {
  for (const step of foreignCommands) {
    test(`${step.client} ${step.byKey ? 'by an API key: ' : ''}${step.command}: ${step.code}, “${step.says}”`, async () => {
      const { code, text } = await run(step);
      assert.ok(text.includes(step.says), text);
      assert.equal(code, step.code, text);
    });
  }
});
