import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isGenerateTask } from '../../../src/editor/tasks/definition.ts';

const task = { type: 'applianceForge', task: 'generate', file: 'template.yml' };

test('a task may allow folders outside the template’s, as a list of paths and nothing else', () => {
  assert.ok(isGenerateTask(task));
  assert.ok(isGenerateTask({ ...task, allowOutside: ['../shared', '/srv/files'] }));
  for (const allowOutside of ['/', true, [1], { 0: '/' }]) {
    assert.ok(!isGenerateTask({ ...task, allowOutside }), JSON.stringify(allowOutside));
  }
});
