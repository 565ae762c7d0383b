import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { junitOf, type Outcome } from '../../../src/machines/index.ts';
import { firstFailure } from '../../../src/uforge/codec/wellFormed.ts';
import { sentence } from '../../../src/uforge/language/sentence.ts';

const outcomes: readonly Outcome[] = [
  {
    ...{ test: { port: 22 }, index: 0, name: 'port 22', state: 'passed', durationMs: 1234 },
    ...{ said: sentence`Port ${22} answers.`, output: 'SSH-2.0-OpenSSH_9.2' },
  },
  {
    ...{ test: { command: 'a && b < "c"' }, index: 1, name: 'a && b < "c"', state: 'failed', durationMs: 66 },
    ...{ said: sentence`It ended with ${1}, not with ${0}.`, output: '\x1b[31mno]]>\x00\ud800' },
    console: 'Debian GNU/Linux\nweb login: ',
  },
  {
    ...{ test: { service: 'nginx' }, index: 2, name: 'service nginx', state: 'notRun', durationMs: 0 },
    ...{ said: sentence`The machine has ended.`, output: '' },
  },
];

test('outcomes of tests are JUnit that an XML parser reads, whatever a machine has printed', () => {
  const xml = junitOf({ name: 'web 1.0 for QCOW2', startedAt: Date.UTC(2026, 0, 31, 12) }, outcomes);
  assert.equal(firstFailure(xml, { maxDepth: 10, anyCharacter: false }), undefined);
  // eslint-disable-next-line no-control-regex -- these are what must not be there
  assert.doesNotMatch(xml, /[\x00-\x08\x0b-\x1f]|\p{Cs}/u);
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', trimValues: false });
  const { testsuites } = parser.parse(xml) as {
    testsuites: { testsuite: Record<string, unknown> & { testcase: readonly Record<string, unknown>[] } };
  };
  const { testcase, ...suite } = testsuites.testsuite;
  const { name, tests, failures, errors, time, timestamp } = suite;
  assert.deepEqual(
    { name, tests, failures, errors, time, timestamp },
    {
      ...{ name: 'web 1.0 for QCOW2', tests: '3', failures: '1', errors: '1', time: '1.300' },
      timestamp: '2026-01-31T12:00:00',
    },
  );
  const [passed, failed, notRun] = testcase;
  assert.equal(passed?.['time'], '1.234');
  assert.equal(passed['system-out'], 'SSH-2.0-OpenSSH_9.2');
  assert.equal(failed?.['name'], 'a && b < "c"');
  const { failure, 'system-out': output } = failed as {
    failure: Record<string, string>;
    'system-out': string;
  };
  assert.equal(failure['message'], 'It ended with 1, not with 0.');
  assert.match(failure['#text'] ?? '', /The console:\nDebian GNU\/Linux\nweb login:/);
  assert.equal(output, '␛[31mno]]>␀\ufffd');
  assert.deepEqual(notRun?.['error'], {
    ...{ message: 'The machine has ended.', type: 'notRun', '#text': 'The machine has ended.' },
  });
});
