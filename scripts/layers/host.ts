import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleHostTests } from '../host/bundle.ts';
import { runOnDesktop } from '../host/desktop.ts';
import { listenForReport, type Report } from '../host/report.ts';
import { runInBrowser } from '../host/web.ts';
import { runMain } from '../lib/interruption.ts';
import { Mark } from '../lib/leftovers.ts';
import { root } from '../lib/root.ts';
import { alone, type Layer, type LayerResult } from './layer.ts';
import { splitArguments } from './nodeTests.ts';

/**
 * mocha inside real VS Code: the real commands against the real forge. `--desktop` runs it in desktop VS
 * Code.
 */
export const host: Layer = async (args, signal) => {
  const { options, files } = splitArguments(args);
  const results = join(root, 'test-results/host');
  await rm(results, { recursive: true, force: true });
  await mkdir(results, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'af-host-'));
  const mark = new Mark();
  let extension: string | undefined;
  try {
    const socket = join(folder, 'report.sock');
    await using report = await listenForReport(socket, (line) => console.log(line));
    const grep = valueOf(options, '--test-name-pattern');
    const bundle = await bundleHostTests(files, {
      socket,
      ...(process.stdout.isTTY ? { color: true } : {}),
      ...(grep === undefined ? {} : { grep }),
    });
    extension = bundle.extension;
    const run = {
      folder,
      workspace: await copyOfExamples(folder),
      bundle,
      results,
      env: { FORGE_CACHE: process.env['FORGE_CACHE'] ?? join(root, '.cache/forge'), ...mark.env },
      report,
      minutes: 12,
      signal,
    };
    const trouble = options.includes('--desktop')
      ? await runOnDesktop(run, valueOf(options, '--executable'))
      : await runInBrowser(run);
    signal.throwIfAborted();
    const result = judge(report, trouble);
    if (result.failed > 0) await keepLogs(folder, results);
    return result;
  } finally {
    await mark.clear(); // the forge outlives its windows, by design
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    if (extension) await rm(extension, { recursive: true, force: true });
  }
};

/** Only the tests' own word makes the layer green. */
function judge({ outcome }: Report, trouble: string | undefined): LayerResult {
  const notes = trouble === undefined ? [] : [trouble];
  if (outcome?.type !== 'end') {
    notes.unshift(outcome ? `the tests could not run: ${outcome.error}` : 'the tests never came to an end');
    return { passed: 0, failed: 1, notes };
  }
  if (outcome.pending > 0) notes.push(`${outcome.pending} pending`);
  const failed = outcome.failed > 0 || trouble === undefined ? outcome.failed : 1;
  return { passed: outcome.passed, failed, notes };
}

async function copyOfExamples(folder: string): Promise<string> {
  const workspace = join(folder, 'examples');
  await cp(join(root, 'examples'), workspace, { recursive: true });
  return workspace;
}

/** VS Code's own logs, for whoever looks for the reason. */
async function keepLogs(folder: string, results: string): Promise<void> {
  for (const name of ['server.log', 'user-data/server/data/logs', 'user-data/logs']) {
    const from = join(folder, name);
    if (existsSync(from)) await cp(from, join(results, 'logs', name), { recursive: true });
  }
  console.log(`Screenshot and logs: ${results}`);
}

const valueOf = (options: readonly string[], name: string) =>
  options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);

if (import.meta.main) await runMain(alone('host', host));
