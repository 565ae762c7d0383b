import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { UForgeError } from '../../../src/uforge/errors.ts';
import { fiqlAll, fiqlAny, fiqlEquals, parseFiql, quoteFiql } from '../../../src/uforge/fiql.ts';
import { matchesFiql } from '../../../src/uforge/fiqlMatch.ts';

const appliance = {
  dbId: 9007199254740993n,
  name: "it's *nginx*",
  version: '1.0',
  imported: true,
  created: new Date('2026-01-02T03:04:05Z'),
  targetFormat: { name: 'VirtualBox' },
  tags: [{ name: 'web' }, { name: 'test' }],
};

suite('a query', () => {
  for (const [query, expected] of [
    ["name=='it\\'s \\*nginx\\*';version=='1.0'", true],
    ["(name=='*nginx*')", true],
    ['name==*nginx*', true],
    ["name==*'nginx'*", true],
    ["name=='nginx*'", false],
    ["name=='it*x*'", true],
    ["name=='*'", true],
    ["targetFormat.name=='VirtualBox'", true],
    ["targetFormat.name=='virtualbox'", false],
    ['dbId==9007199254740993', true],
    ['dbId==9007199254740992', false],
    ['imported==true', true],
    ["version=='2.0',imported==true", true],
    ["version=='2.0';imported==true,dbId==1", false],
    ["imported==true;(version=='2.0',version=='1.0')", true],
    ["version!='2.0'", true],
    ["missing!='x'", true],
    ["missing=='x'", false],
    ["constructor=='x'", false],
    ["tags.name=='test'", true],
    ["tags.name=='prod'", false],
    ['created=gt=2026-01-01;created=le=2026-01-02T03:04:05Z', true],
    ['created=lt=2026-01-01', false],
    ['version=ge=1', true],
    ['dbId=gt=10', true],
    ["created=='2026-01-02T03:04:05.000Z'", true],
  ] as const) {
    test(`${query} ${expected ? 'matches' : 'does not match'}`, () => {
      assert.equal(matchesFiql(parseFiql(query), appliance), expected);
    });
  }

  test('what is built from a value finds that value and no other', () => {
    for (const value of ['plain', "it's *nginx*", 'a\\b', 'a;b,(c)', '"', '', '*', 'é 🔨']) {
      const query = parseFiql(
        fiqlAll(fiqlEquals('name', value), fiqlAny(fiqlEquals('n', 1), fiqlEquals('n', 2n))),
      );
      assert.ok(matchesFiql(query, { name: value, n: 2 }), quoteFiql(value));
      assert.ok(!matchesFiql(query, { name: `${value}x`, n: 2 }), quoteFiql(value));
      assert.ok(!matchesFiql(query, { name: value, n: 3 }));
    }
  });

  for (const [query, at] of [
    ['', 1],
    ['name', 5],
    ['name=', 5],
    ["name=='a", 7],
    ["name=='a' version=='b'", 10],
    ["(name=='a'", 11],
    ["name=='a';", 11],
    ["=='a'", 1],
  ] as const) {
    test(`${JSON.stringify(query)} is wrong at character ${at}`, () => {
      assert.throws(
        () => parseFiql(query),
        (error) =>
          error instanceof UForgeError &&
          error.kind === 'invalid' &&
          error.message.includes(`at character ${at}:`),
      );
    });
  }

  test('one made to exhaust is refused or answered at once', () => {
    assert.throws(() => parseFiql('('.repeat(10_000)), /too many parentheses/);
    const stars = parseFiql(`name=='${'*a'.repeat(5000)}'`);
    assert.equal(matchesFiql(stars, { name: 'a'.repeat(4999) + 'b' }), false);
  });
});
