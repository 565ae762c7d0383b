import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { UsageError } from '../../../src/forge/process/usageError.ts';
import { currentMonth } from '../../../src/forge/accounts/quotaMonth.ts';
import { parseQuotas } from '../../../src/forge/accounts/quotaOption.ts';

suite('the month of an account', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['2026-01-15', '2026-11-24', '2026-11-15', '2026-12-15'],
    ['2026-01-15', '2026-11-14T23:59:59Z', '2026-10-15', '2026-11-15'],
    ['2026-01-15T18:00Z', '2026-01-15T19:00Z', '2026-01-15', '2026-02-15'],
    ['2026-01-31', '2026-02-28T12:00Z', '2026-02-28', '2026-03-31'],
    ['2026-01-31', '2026-02-27', '2026-01-31', '2026-02-28'],
    ['2025-12-05', '2026-01-01', '2025-12-05', '2026-01-05'],
    ['2024-02-29', '2025-03-01', '2025-02-28', '2025-03-29'],
  ];
  for (const [created, now, start, end] of cases) {
    test(`made on ${created}, at ${now}, goes from ${start} to ${end}`, () => {
      const month = currentMonth(new Date(created), new Date(now));
      assert.deepEqual(
        [month.start, month.end].map((date) => date.toISOString()),
        [start, end].map((date) => `${date}T00:00:00.000Z`),
      );
    });
  }
});

suite('quotas on the command line', () => {
  test('are read with their units', () => {
    assert.deepEqual(
      Object.fromEntries(parseQuotas('appliance=10, generation=20/month,diskusage=2GB,scan=none')),
      {
        appliance: { limit: 10, monthly: false },
        generation: { limit: 20, monthly: true },
        diskusage: { limit: 2 ** 31, monthly: false },
        scan: { limit: -1, monthly: false },
      },
    );
  });

  test('that are none are refused with an example', () => {
    for (const wrong of [
      '',
      'disk=1',
      'appliance',
      'appliance=-1',
      'appliance=1GB',
      'diskusage=5',
      'appliance=1/month',
      'generation=x',
    ]) {
      assert.throws(() => parseQuotas(wrong), UsageError, wrong);
    }
  });
});
