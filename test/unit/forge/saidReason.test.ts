import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { saidReason } from '../../../src/forge/process/saidReason.ts';

suite('why a forge ended', () => {
  const cases: readonly [text: string, reason: string][] = [
    ['/data/forge.db is damaged. Restore it.\n', '/data/forge.db is damaged. Restore it.'],
    ['Another forge is using /data.\n2026-01-01T00:00:00.000Z Error: No room\n    at x', 'No room.'],
    ['    at async file:///a/main.ts:3:1\nError: listen EMFILE\n    at y', 'listen EMFILE.'],
    [
      'file:///a/main.ts:3\nthrow new Error("Bad things.")\n      ^\n\nError: Bad things.\n    at z\n\nNode.js v24.1.0',
      'Bad things.',
    ],
    [
      '(node:7) ExperimentalWarning: SQLite is new\nTypeError [ERR_X]: The key is no text',
      'The key is no text.',
    ],
    ['Error\n    at async file:///a/main.ts:3:1', 'It ended without saying why.'],
    ['', 'It ended without saying why.'],
  ];
  for (const [text, reason] of cases) {
    test(`is ${reason}`, () => assert.equal(saidReason(text), reason));
  }
});
