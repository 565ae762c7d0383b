import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { complaints } from './complaints.ts';

const forbidden: [from: string, path: string][] = [
  ['src/uforge/a.ts', '../appliance/text/problem.ts'],
  ['src/uforge/schema/a.ts', '../../tickets/store.ts'],
  ['src/uforge/a.ts', 'vscode'],
  ['src/appliance/a.ts', '../tickets/store.ts'],
  ['src/appliance/a.ts', '../forge/process/launch.ts'],
  ['src/tickets/a.ts', '../appliance/text/problem.ts'],
  ['src/tickets/a.ts', '../editor/settings.ts'],
  ['src/forge/a.ts', '../tickets/state.ts'],
  ['src/builder/plan/a.ts', '../../editor/settings.ts'],
  ['src/builder/stages/a.ts', 'vscode'],
  ['src/editor/a.ts', '../forge/process/paths.ts'],
  ['src/editor/views/a.ts', '../../builder/index.ts'],
  ['src/editor/a.ts', '../cli/main.ts'],
  ['src/generate/a.ts', '../agents/allTools.ts'],
  ['src/agents/tools/a.ts', '../../editor/settings.ts'],
  ['src/agents/a.ts', '../forge/process/launch.ts'],
  ['src/agents/a.ts', 'vscode'],
  ['src/cli/a.ts', '../editor/settings.ts'],
  ['src/cli/a.ts', '../forge/process/main.ts'],
  ['src/cli/a.ts', 'vscode'],
  ['src/extension.ts', './forge/process/paths.ts'],
  ['src/builder/a.ts', '../forge/images/generations.ts'],
  ['src/forge/images/a.ts', '../../builder/stages/pipeline.ts'],
  ['src/cli/a.ts', '../builder/index.ts'],
  ['src/machines/a.ts', '../tickets/store.ts'],
  ['src/machines/a.ts', '../forge/process/launch.ts'],
  ['src/machines/a.ts', 'vscode'],
  ['src/editor/a.ts', '../machines/startMachine.ts'],
  ['src/tickets/a.ts', '../machines/index.ts'],
];

const allowed: [from: string, path: string][] = [
  ['src/uforge/a.ts', './schema/table.ts'],
  ['src/uforge/a.ts', 'fast-xml-parser'],
  ['src/appliance/a.ts', '../uforge/codec/codec.ts'],
  ['src/tickets/a.ts', '../uforge/client/client.ts'],
  ['src/builder/plan/a.ts', '../../appliance/template/model/template.ts'],
  ['src/editor/a.ts', '../forge/process/launch.ts'],
  ['src/editor/a.ts', 'vscode'],
  ['src/editor/views/a.ts', '../../tickets/store.ts'],
  ['src/agents/tools/a.ts', '../../generate/request.ts'],
  ['src/editor/agents/a.ts', '../../agents/allTools.ts'],
  ['src/cli/mcp/a.ts', '../../agents/allTools.ts'],
  ['src/cli/a.ts', '../forge/process/launch.ts'],
  ['src/extension.ts', './forge/process/launch.ts'],
  ['src/forge/images/a.ts', '../../builder/index.ts'],
  ['src/machines/a.ts', '../appliance/template/model/template.ts'],
  ['src/editor/machines/a.ts', '../../machines/index.ts'],
  ['src/agents/tools/a.ts', '../../machines/index.ts'],
  ['src/cli/a.ts', '../machines/index.ts'],
];

/** Every way to take something from another module. */
const ways = (path: string) => [
  `import { x } from '${path}'; x();`,
  `import type { X } from '${path}'; export const x: X = 1;`,
  `export { x } from '${path}';`,
  `export const x = await import('${path}');`,
];

suite('The rooms of docs/architecture.md', () => {
  for (const [from, path] of forbidden) {
    test(`${from} may not import ${path}`, async () => {
      for (const code of ways(path)) assert.equal((await complaints(from, code)).length, 1, code);
    });
  }

  for (const [from, path] of allowed) {
    test(`${from} may import ${path}`, async () => {
      for (const code of ways(path)) assert.deepEqual(await complaints(from, code), [], code);
    });
  }

  test('default exports are refused, in a room and outside', async () => {
    for (const file of ['src/uforge/a.ts', 'scripts/a.ts']) {
      assert.deepEqual(await complaints(file, 'export default 1;'), ['Named exports only.']);
    }
  });
});
