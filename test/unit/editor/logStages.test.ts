import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loggedStages, stageRanges } from '../../../src/editor/images/log/logStages.ts';

test('a log folds stage by stage, also while the last one goes on', () => {
  const log = [
    'Image 1: QCOW2, revision 1',
    '== Checking dependencies ==',
    '12 packages',
    '-- Checking dependencies: 1.5 s --',
    '== Fetching packages ==',
    '-- Fetching packages: 0.0 s --',
    '== Installing packages and files ==',
    'Unpacking nginx',
    '',
  ];
  assert.deepEqual(stageRanges(log), [
    { start: 1, end: 3 },
    { start: 4, end: 5 },
    { start: 6, end: 7 },
  ]);
});

test('what a tool prints is no heading', () => {
  assert.deepEqual(stageRanges(['=== Checking ===', 'a == b ==', 'text']), []);
});

test('the times are the server’s; a stage that has not ended has none', () => {
  const log = '== Fetching packages ==\n-- Fetching packages: 0.8 s --\n== Installing ==\nUnpacking\n';
  assert.deepEqual(loggedStages(log), [
    { name: 'Fetching packages', ms: 800 },
    { name: 'Installing', ms: undefined },
  ]);
});
