import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { verify } from 'unixcrypt';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { sealedText, sealRequest } from '../../../src/forge/appliances/storedPasswords.ts';

const head =
  "stack:\n  name: a\n  version: 1.10 # as written\n  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }\n";

suite('passwords that come in', () => {
  test('become hashes in a template, which stays as it was otherwise', async () => {
    const text = `${head}  installation:
    rootUser: { setPassword: true, password: secret-root }
    users:
      - { name: joe, password: 12340 }
      - { name: jim, password: $6$salt$hash, encrypted: true }
      - { name: ann }
`;
    const { text: sealed, addedLines } = await sealedText(text, false, ['a', '1']);
    assert.deepEqual(addedLines, []);
    assert.doesNotMatch(sealed, /secret-root|12340/);
    assert.match(sealed, /version: 1\.10 # as written/);
    const { template, problems } = parseTemplate(sealed, 'yaml');
    const { rootUser, users = [] } = template?.stack.installation ?? {};
    assert.ok(verify('secret-root', rootUser?.password ?? ''));
    assert.equal(rootUser?.encrypted, true);
    assert.ok(verify('12340', users[0]?.password ?? ''));
    assert.equal(users[1]?.password, '$6$salt$hash');
    assert.equal(users[2]?.password, undefined);
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.equal((await sealedText(sealed, false, ['a', '1'])).text, sealed, 'once is enough');
    assert.equal((await sealedText(head, false, ['a', '1'])).text, head);
  });

  test('become hashes in JSON, and behind aliases', async () => {
    const json = JSON.stringify({ stack: { installation: { rootUser: { password: 'secret' } } } });
    const sealed = JSON.parse((await sealedText(json, true, ['a'])).text) as {
      stack: { installation: { rootUser: { password: string; encrypted: boolean } } };
    };
    assert.ok(verify('secret', sealed.stack.installation.rootUser.password));
    const aliases = `${head}  installation:
    rootUser: &root { password: &-p! secret-alias }
    users: [{ name: joe, password: *-p! }, { name: ann, <<: *root }]
x: &far { password: secret-far }
y: [&z secret-far, *far, *z]
`;
    const { text, addedLines } = await sealedText(aliases, false, ['a']);
    assert.equal(addedLines, undefined);
    assert.doesNotMatch(text, /secret-/);
    const { rootUser, users } = parseTemplate(text, 'yaml').template?.stack.installation ?? {};
    assert.ok(verify('secret-alias', rootUser?.password ?? ''));
    assert.ok(verify('secret-alias', users?.[0]?.password ?? ''));
  });

  test('are hashes on the lines where they were; which lines are new is known', async () => {
    const text = `${head}  installation:
    rootUser:
      password: 'secret-1' # the first
      setPassword: true
    users:
      - password: secret-2
        name: joe
      - name: ann
        password: secret-3
    timezone: UTC # a comment
`;
    const sealed = await sealedText(text, false, ['a', '1']);
    assert.doesNotMatch(sealed.text, /secret/);
    const lines = sealed.text.split('\n');
    const kept = lines.filter((_line, index) => sealed.addedLines?.includes(index) === false);
    assert.deepEqual(
      kept.map((line) => line.replace(/password: .*?( #.*)?$/, 'password:$1')),
      text.split('\n').map((line) => line.replace(/password: .*?( #.*)?$/, 'password:$1')),
    );
    const added = lines.filter((_line, index) => sealed.addedLines?.includes(index));
    assert.deepEqual(new Set(added.map((line) => line.trim())), new Set(['encrypted: true']));
    assert.equal(added.length, 3);
  });

  test('of cloud accounts do not stay', async () => {
    const text = `${head}accounts: [{ name: aws, secretKey: secret-key }]\n`;
    assert.doesNotMatch((await sealedText(text, false, ['a'])).text, /accounts|secret-key/);
  });

  test('become hashes in a request, with a salt that says nothing of the password', async () => {
    const image = (password: string) => ({
      targetFormat: { name: 'QCOW2' },
      installProfile: { rootUser: { password }, users: [{ name: 'joe', password }] },
    });
    const profile = (await sealRequest(image('secret'), 'a', '1')).installProfile;
    assert.ok(verify('secret', profile?.rootUser?.password ?? ''));
    assert.equal(profile?.rootUser?.encrypted, true);
    assert.ok(verify('secret', profile.users?.[0]?.password ?? ''));
    assert.notEqual(profile.rootUser.password, profile.users?.[0]?.password, 'each has a salt of its own');
    const salt = (hash = ''): string => hash.split('$')[2] ?? '';
    const other = (await sealRequest(image('other'), 'a', '1')).installProfile?.rootUser?.password;
    assert.equal(salt(profile.rootUser.password), salt(other));
  });
});
