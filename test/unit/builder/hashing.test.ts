import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { suite, test } from 'node:test';
import { verify } from 'unixcrypt';
import { longestPassword } from '../../../src/appliance/catalog/passwordLimit.ts';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { checkBuildable } from '../../support/plans.ts';
import { hashPasswords } from '../../../src/builder/plan/passwords.ts';

const head =
  "stack:\n  name: a\n  version: '1'\n  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }\n";
const withRoot = (password: string): string =>
  `${head}  installation: { rootUser: { password: ${password} } }\n`;
/** Hashing it would take minutes. */
const endless = 'x'.repeat(1_000_000);

suite('a password', () => {
  test('is hashed in a thread: all else has its turn meanwhile', async () => {
    const state = { isDone: false };
    const hashing = hashPasswords(
      Array.from({ length: 20 }, (_, index) => ({ password: 'secret', whose: [String(index)] })),
    ).finally(() => (state.isDone = true));
    let turns = 0;
    while (!state.isDone) {
      await turn();
      turns++;
    }
    const hashes = await hashing;
    assert.ok(hashes.every((hash) => verify('secret', hash)));
    assert.equal(new Set(hashes).size, 20, 'each has a salt of its own');
    assert.ok(turns > 20, `${turns} turns`);
  });

  test('longer than crypt(3) takes is never hashed', async () => {
    const [hash = ''] = await hashPasswords([{ password: 'x'.repeat(longestPassword), whose: ['a'] }]);
    assert.ok(verify('x'.repeat(longestPassword), hash));
    await assert.rejects(hashPasswords([{ password: endless, whose: [] }]), /longer than 511 bytes/);
    // Two bytes each.
    await assert.rejects(hashPasswords([{ password: 'é'.repeat(256), whose: [] }]), /longer than 511 bytes/);
  });

  test('longer than crypt(3) takes is told at its place: in a template, and in a request', () => {
    const { problems } = parseTemplate(withRoot(endless), 'yaml');
    const found = problems.map(({ message, range }) => [message, range.start.line, range.start.character]);
    const says = 'is longer than 511 bytes, and nobody could log in with it. Choose a shorter one.';
    assert.deepEqual(found, [[`stack.installation.rootUser.password ${says}`, 4, 40]]);
    assert.deepEqual(parseTemplate(withRoot('x'.repeat(511)), 'yaml').problems, []);

    const request = `<u:installProfile xmlns:u="http://www.usharesoft.com/uforge"><rootUser>\n<password>${endless}</password></rootUser></u:installProfile>`;
    const [problem, ...more] = parseRepresentation(request).problems;
    assert.deepEqual(more, []);
    assert.equal(problem?.message, `“password” ${says}`);
    assert.deepEqual(problem.range.start, { line: 1, character: 10 });
  });

  test('is not hashed to check a request: one that is too long is told', () => {
    const { template } = parseTemplate(withRoot('x'), 'yaml');
    assert.ok(template);
    const installProfile = { rootUser: { password: endless }, users: [{ name: 'joe', password: endless }] };
    const { problems } = checkBuildable({
      template,
      image: { targetFormat: { name: 'QCOW2' }, installProfile },
    });
    assert.deepEqual(
      problems.map((problem) => /^(\S+) is longer than 511 bytes/.exec(problem)?.[1]),
      ['installProfile.rootUser.password', 'installProfile.users[0].password'],
    );
  });

  test('is one of 500 at most', () => {
    const users = (count: number): string =>
      Array.from({ length: count }, (_, index) => `      - { name: u${index}, password: x }\n`).join('');
    const messages = (count: number): string[] =>
      parseTemplate(`${head}  installation:\n    users:\n${users(count)}`, 'yaml').problems.map(
        ({ message }) => message,
      );
    assert.deepEqual(messages(500), []);
    assert.deepEqual(messages(501), ['stack.installation.users are 501: 500 at most.']);
  });
});
