import type { TestEvent } from 'node:test/reporters';
import { relative, resolve } from 'node:path';
import { root } from '../lib/root.ts';
import type { TestCount } from './nodeTests.ts';

/**
 * A reporter of node:test that counts real tests. The runner itself counts a file without any test as one
 * that passed, which would make an empty layer green.
 */
// The runner asks for a default export: the one exception to the rule.
// eslint-disable-next-line no-restricted-syntax
export default async function* countReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const count: TestCount = { passed: 0, failed: 0, skipped: 0, empty: [] };
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const wholeFile = data.nesting === 0 && resolve(data.name) === data.file;
    if (type === 'test:fail') count.failed += data.details.type === 'suite' ? 0 : 1;
    else if (wholeFile) count.empty.push(relative(root, data.file ?? data.name));
    else if (data.details.type === 'suite') continue;
    else if (data.skip !== undefined || data.todo !== undefined) count.skipped += 1;
    else count.passed += 1;
  }
  yield JSON.stringify(count);
}
