import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readFailure } from '../../../src/agents/failureLog.ts';

const log = [
  'Image 12: QCOW2, revision 1',
  '== check ==',
  'error in a stage that went well in the end',
  '== packages ==',
  'Reading package lists...',
  'E: Unable to locate package nginxx',
  'It takes 5 s',
  '',
].join('\n');

describe('a failure, read from its log', () => {
  it('is looked for in the last stage only', () => {
    const read = readFailure(log, 'The package nginxx is not there.', 3);
    assert.equal(read.failed_in, 'packages');
    assert.deepEqual(read.suspicious_lines, [{ line: 6, text: 'E: Unable to locate package nginxx' }]);
    assert.deepEqual(read.last_lines, [
      'Reading package lists...',
      'E: Unable to locate package nginxx',
      'It takes 5 s',
    ]);
    assert.match(read.advice.join(' '), /search_packages/);
  });

  it('has advice for each cause there is, and none where nothing is known', () => {
    assert.match(readFailure(undefined, 'The disk is full.', 10).advice.join(), /out of disk space/);
    assert.match(
      readFailure(undefined, "The Debian mirror http://deb can't be reached.", 10).advice.join(),
      /proxy/,
    );
    assert.deepEqual(readFailure(undefined, 'Something odd.', 10), { advice: [] });
  });
});
