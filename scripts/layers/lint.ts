import { join } from 'node:path';
import { runGroup } from '../lib/group.ts';
import { runMain } from '../lib/interruption.ts';
import { root } from '../lib/root.ts';
import { alone, type Layer } from './layer.ts';

const bin = (name: string) => join(root, 'node_modules/.bin', name);

const checks = [
  {
    name: 'types',
    tool: 'tsc',
    args: ['--noEmit', '--incremental', '--tsBuildInfoFile', '.cache/types.tsbuildinfo'],
  },
  { name: 'types of web pages', tool: 'tsc', args: ['--noEmit', '--project', 'src/webview'] },
  {
    name: 'lint',
    tool: 'eslint',
    args: ['--max-warnings=0', '.'],
  },
  {
    name: 'format',
    tool: 'prettier',
    args: ['--check', '--log-level=warn', '--cache', '--cache-location', '.cache/prettier', '.'],
  },
];

/** Types, lint and format of the whole project; each counts as one test. */
export const lint: Layer = async (_args, signal) => {
  const result = { passed: 0, failed: 0, notes: [] as string[] };
  for (const { name, tool, args } of checks) {
    if ((await runGroup(process.execPath, [bin(tool), ...args], { signal })) === 0) result.passed += 1;
    else {
      result.failed += 1;
      result.notes.push(`${name} (${tool})`);
    }
  }
  return result;
};

if (import.meta.main) await runMain(alone('lint', lint));
