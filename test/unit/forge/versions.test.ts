import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions } from '../../../src/builder/packages/versions.ts';

test('versions are in the order of deb-version(7)', () => {
  const ordered = [
    '1.0~~',
    '1.0~beta1',
    '1.0',
    '1.0-1',
    '1.0-1+deb12u2',
    '1.0-1+deb12u10',
    '1.0a',
    '1.0+b',
    '1.9',
    '1.10',
    '1:0.1',
  ];
  for (const [index, version] of ordered.entries()) {
    assert.equal(compareVersions(version, version), 0);
    for (const later of ordered.slice(index + 1)) {
      assert.ok(compareVersions(version, later) < 0, `${version} < ${later}`);
      assert.ok(compareVersions(later, version) > 0, `${later} > ${version}`);
    }
  }
});
