import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  parseRestrictionRule,
  restrictionAllows,
  RestrictionRuleError,
} from '../../../src/appliance/template/rules/restrictionRule.ts';

const facts = {
  Distribution: {
    family: 'linux',
    pkgType: 'application/x-debian-package',
    name: 'Debian',
    version: '12',
    arch: 'x86_64',
  },
  TargetFormat: { name: 'CloudStack KVM (QCOW2)', type: 'cloud' },
};

suite('a restriction rule', () => {
  for (const [rule, expected] of [
    ['Distribution#name=Debian', true],
    ['Distribution#name=debian && Distribution#arch=amd64', true],
    ['Distribution#name!=Debian', false],
    ['Distribution#version=12.5', true],
    ['TargetFormat#type=virtual || Distribution#version=12', true],
    ['TargetFormat#type=cloud && TargetFormat#name!=QCOW2', true],
    ['TargetFormat#name=CloudStack KVM (QCOW2)', true],
    ['(TargetFormat#name=CloudStack KVM (QCOW2))', true],
    ['TargetFormat#name="CloudStack KVM (QCOW2)"&&Distribution#pkgType=deb', true],
    ['Distribution#pkgType=application/x-debian-package', true],
    ['Distribution#pkgType!=application/x-rpm', true],
    // The example of the end-user guide, with its parentheses.
    [
      '(Distribution#arch=x86_64 && ((Distribution#name=CentOS && Distribution#version=7) || (Distribution#name=Debian && Distribution#version=8))) || TargetFormat#type=virtual',
      false,
    ],
    // && binds stronger than ||.
    ['Distribution#name=Debian || Distribution#name=CentOS && TargetFormat#type=physical', true],
  ] as const) {
    test(`${rule} is ${expected} for Debian 12 in a cloud`, () => {
      assert.equal(restrictionAllows(parseRestrictionRule(rule), facts), expected);
    });
  }

  for (const [rule, offset, message] of [
    ['', 0, /something like Distribution#name=Debian is missing/],
    ['Distribution#colour=red', 0, /Distribution has no “colour”, only family/],
    ['Machine#name=x', 0, /neither Distribution nor TargetFormat/],
    ['Distribution#name=', 18, /a value is missing/],
    ['(Distribution#name=Debian', 25, /“\)” is missing/],
    ['Distribution#name=Debian)', 24, /one too many/],
    ['Distribution#name=Debian &&', 27, /is missing/],
    ['Distribution#name=Debian\n&& TargetFormat#type=cloud', 24, /one line/],
    ['('.repeat(50), 33, /nested too deeply/],
  ] as const) {
    test(`${JSON.stringify(rule.slice(0, 40))} is refused with the place`, () => {
      assert.throws(
        () => parseRestrictionRule(rule),
        (error: unknown) => {
          assert.ok(error instanceof RestrictionRuleError);
          assert.match(error.message, message);
          assert.equal(error.offset, offset);
          return true;
        },
      );
    });
  }
});
