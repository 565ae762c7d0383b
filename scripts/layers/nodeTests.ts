// Runs the layers that are plain node:test: unit, forge, e2e.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGroup } from '../lib/processGroup.ts';
import { Mark } from '../lib/leftovers.ts';
import { root } from '../lib/root.ts';
import type { LayerResult } from './layer.ts';

export interface NodeTestsOptions {
  /** Glob of the layer's files, below the project's folder. */
  files: string;
  /** From the command line: files instead of the glob, and options of `node --test`. */
  args: readonly string[];
  /** The layer is taken down after this time. */
  minutes: number;
  env?: Record<string, string>;
  signal: AbortSignal;
}

const withValue = [
  '--test-name-pattern',
  '--test-skip-pattern',
  '--test-timeout',
  '--test-concurrency',
  '--test-shard',
];

/** Splits the command line: `--option value` belongs together, everything without a dash is a file. */
export function splitArguments(args: readonly string[]): { options: string[]; files: string[] } {
  const options: string[] = [];
  const files: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (!arg.startsWith('-')) files.push(arg);
    else if (withValue.includes(arg)) options.push(`${arg}=${args[++i] ?? ''}`);
    else options.push(arg);
  }
  return { options, files };
}

/**
 * Runs node:test files under our Node; fails when no test ran, when one hangs, and when processes stay
 * behind.
 */
export async function runNodeTests(what: NodeTestsOptions): Promise<LayerResult> {
  const { options, files } = splitArguments(what.args);
  const folder = await mkdtemp(join(tmpdir(), 'appliance-forge-test-'));
  const countFile = join(folder, 'count.json');
  const mark = new Mark();
  const timeout = AbortSignal.timeout(what.minutes * 60_000);
  try {
    const code = await runGroup(
      process.execPath,
      [
        '--test',
        `--test-reporter=spec`,
        '--test-reporter-destination=stdout',
        `--test-reporter=${join(root, 'scripts/layers/countReporter.ts')}`,
        `--test-reporter-destination=${countFile}`,
        ...options,
        ...(files.length > 0 ? files : [what.files]),
      ],
      { env: { ...process.env, ...mark.env, ...what.env }, signal: AbortSignal.any([what.signal, timeout]) },
    ).catch((error: unknown) => {
      if (!timeout.aborted || what.signal.aborted) throw error;
      return 1;
    });
    const filtered = options.some((option) => /-(name|skip)-pattern/.test(option));
    const result = judge(code, await count(countFile), filtered);
    if (timeout.aborted) result.notes.push(`stopped after ${what.minutes} minutes`);
    const late = await mark.clear(5000);
    if (late.length > 0) {
      result.failed += 1;
      result.notes.push(...late.map(({ pid, command }) => `left behind and ended: ${pid} ${command}`));
    }
    return result;
  } finally {
    await mark.clear();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What countReporter.ts writes. */
export interface TestCount {
  passed: number;
  failed: number;
  skipped: number;
  /** Files in which no test ran. */
  empty: string[];
}

/** Turns counts and exit code into the layer's result; whatever is doubtful is a failure. */
export function judge(code: number, counted: TestCount | undefined, filtered: boolean): LayerResult {
  if (!counted) return { passed: 0, failed: 1, notes: ['the runner died before its end'] };
  const notes = counted.skipped > 0 ? [`${counted.skipped} skipped`] : [];
  const empty = filtered ? [] : counted.empty;
  notes.push(...empty.map((file) => `no test in ${file}`));
  let failed = counted.failed + empty.length;
  if (code !== 0 && failed === 0) {
    failed = 1;
    notes.push(`the runner ended with ${code}`);
  }
  return { passed: counted.passed, failed, notes };
}

async function count(file: string): Promise<TestCount | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as TestCount;
  } catch {
    return undefined;
  }
}
