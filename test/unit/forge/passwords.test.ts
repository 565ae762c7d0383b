import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { verify } from 'unixcrypt';
import { parseTemplate } from '../../../src/appliance/template.ts';
import { sealedText, sealRequest } from '../../../src/forge/passwords.ts';

const head =
  "stack:\n  name: a\n  version: 1.10 # as written\n  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }\n";

suite('passwords that come in', () => {
  test('become hashes in a template, which stays as it was otherwise', () => {
    const text = `${head}  installation:
    rootUser: { setPassword: true, password: secret-root }
    users:
      - { name: joe, password: 12340 }
      - { name: jim, password: $6$salt$hash, encrypted: true }
      - { name: ann }
`;
    const sealed = sealedText(text, false, ['a', '1']);
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
    assert.equal(sealedText(sealed, false, ['a', '1']), sealed, 'once is enough');
    assert.equal(sealedText(head, false, ['a', '1']), head);
  });

  test('become hashes in JSON, and behind aliases', () => {
    const json = JSON.stringify({ stack: { installation: { rootUser: { password: 'secret' } } } });
    const sealed = JSON.parse(sealedText(json, true, ['a'])) as {
      stack: { installation: { rootUser: { password: string; encrypted: boolean } } };
    };
    assert.ok(verify('secret', sealed.stack.installation.rootUser.password));
    const alias = `x: &root { password: secret }\nstack: { installation: { rootUser: *root } }\n`;
    assert.match(sealedText(alias, false, ['a']), /rootUser:\s+password: \$6\$/);
  });

  test('become hashes in a request, with a salt that says nothing of the password', () => {
    const image = (password: string) => ({
      targetFormat: { name: 'QCOW2' },
      installProfile: { rootUser: { password }, users: [{ name: 'joe', password }] },
    });
    const profile = sealRequest(image('secret'), 'a', '1').installProfile;
    assert.ok(verify('secret', profile?.rootUser?.password ?? ''));
    assert.equal(profile?.rootUser?.encrypted, true);
    assert.ok(verify('secret', profile.users?.[0]?.password ?? ''));
    assert.notEqual(profile.rootUser.password, profile.users?.[0]?.password, 'each has a salt of its own');
    const salt = (hash = ''): string => hash.split('$')[2] ?? '';
    const other = sealRequest(image('other'), 'a', '1').installProfile?.rootUser?.password;
    assert.equal(salt(profile.rootUser.password), salt(other));
  });
});
