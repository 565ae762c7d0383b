import { readFile, mkdtemp, rm, stat, writeFile, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../build.ts';
import { bundleHostTests } from '../host/bundle.ts';
import { listenForReport } from '../host/report.ts';
import { runInBrowser } from '../host/web.ts';
import { Failure } from '../lib/interruption.ts';
import { root } from '../lib/root.ts';
import { budgets, sizesOf } from '../sizes.ts';
import { packageExtension } from '../package.ts';
import type { Row } from './report.ts';

const rounds = 3;

/**
 * What the extension costs before anybody uses it: time in the extension host of real VS Code, of the
 * minified bundle (the best of three fresh windows), and the sizes of what is loaded, shipped and installed.
 */
export async function benchActivation(signal: AbortSignal): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'af-activation-'));
  try {
    const { activationKb, javascriptKb } = sizesOf(
      await bundle({ minify: true, outdir: join(folder, 'dist') }),
    );
    const { size } = await stat(await packageExtension(join(folder, 'appliance-forge.vsix')));
    const times: Measured[] = [];
    for (let round = 0; round < rounds; round++) times.push(await measureOnce(folder, signal));
    const row = (what: string, unit: string, ours: number, most: number, note?: string): Row => ({
      what,
      unit,
      ours,
      anchorName: 'budget',
      anchor: most,
      atMost: most,
      ...(note !== undefined && { note }),
    });
    const note = `best of ${rounds} windows`;
    const { loadMs, activateMs, activationKb: kb, javascriptKb: all, packageKb } = budgets;
    return [
      row('activation: load', 'ms', Math.min(...times.map((each) => each.loadMs)), loadMs, note),
      row(
        'activation: activate()',
        'ms',
        Math.min(...times.map((each) => each.activateMs)),
        activateMs,
        note,
      ),
      row('activation: JavaScript loaded', 'KB', activationKb, kb, 'vscode-coder loads 2315 KB'),
      row('JavaScript without the forge', 'KB', javascriptKb, all),
      row('package', 'KB', size / 1024, packageKb),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface Measured {
  readonly loadMs: number;
  readonly activateMs: number;
}

/** One fresh window. The extension's own entry is wrapped in one that looks at the clock. */
async function measureOnce(folder: string, signal: AbortSignal): Promise<Measured> {
  const place = await mkdtemp(join(folder, 'window-'));
  const answer = join(place, 'measured.json');
  const socket = join(place, 'report.sock');
  await using report = await listenForReport(socket, () => undefined);
  const made = await bundleHostTests(['scripts/bench/activationProbe.ts'], { socket });
  try {
    await bundle({ minify: true, outdir: join(made.extension, 'dist') });
    await writeFile(join(made.extension, 'dist/measured.js'), wrapper);
    const manifest = JSON.parse(await readFile(join(made.extension, 'package.json'), 'utf8')) as object;
    const wrapped = JSON.stringify({ ...manifest, main: './dist/measured.js' });
    await writeFile(join(made.extension, 'package.json'), wrapped);
    const workspace = join(place, 'examples');
    await cp(join(root, 'examples'), workspace, { recursive: true });
    const trouble = await runInBrowser({
      folder: place,
      workspace,
      bundle: made,
      results: join(place, 'results'),
      env: { APPLIANCE_FORGE_MEASURED: answer },
      report,
      minutes: 3,
      signal,
    });
    signal.throwIfAborted();
    if (trouble !== undefined) throw new Failure(`The activation could not be measured: ${trouble}.`);
    return JSON.parse(await readFile(answer, 'utf8')) as Measured;
  } finally {
    await rm(made.extension, { recursive: true, force: true });
  }
}

const wrapper = `
const started = performance.now();
const extension = await import('./extension.js');
const loadMs = performance.now() - started;
export function activate(context) {
  const before = performance.now();
  const api = extension.activate(context);
  return { ...api, measured: { loadMs, activateMs: performance.now() - before } };
}
`;
