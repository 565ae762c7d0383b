import { runGroup } from '../lib/processGroup.ts';
import { runMain } from '../lib/interruption.ts';
import { toolFile } from '../lib/tool.ts';
import { alone, type Layer } from './layer.ts';

const checks = [
  {
    name: 'types',
    tool: toolFile('typescript', 'tsc'),
    args: ['--noEmit', '--incremental', '--tsBuildInfoFile', '.cache/types.tsbuildinfo'],
  },
  {
    name: 'types of web pages',
    tool: toolFile('typescript', 'tsc'),
    args: ['--noEmit', '--project', 'src/webview'],
  },
  {
    name: 'rules',
    tool: toolFile('eslint'),
    args: ['--max-warnings=0', '.'],
  },
  {
    name: 'circles of imports',
    tool: toolFile('dependency-cruiser', 'depcruise'),
    args: ['--config', 'scripts/lint/circles.mjs', '--output-type', 'err', 'src', 'scripts', 'test'],
  },
  {
    name: 'what nobody uses',
    tool: toolFile('knip'),
    args: ['--no-progress', '--config', 'scripts/lint/knip.json'],
  },
  {
    name: 'format',
    tool: toolFile('prettier'),
    args: ['--check', '--log-level=warn', '--cache', '--cache-location', '.cache/prettier', '.'],
  },
];

/** Types, rules, imports and format of the whole project; each counts as one test. */
export const lint: Layer = async (_args, signal) => {
  const result = { passed: 0, failed: 0, notes: [] as string[] };
  for (const { name, tool, args } of checks) {
    if ((await runGroup(process.execPath, [tool, ...args], { signal })) === 0) result.passed += 1;
    else {
      result.failed += 1;
      result.notes.push(name);
    }
  }
  return result;
};

if (import.meta.main) await runMain(alone('lint', lint));
