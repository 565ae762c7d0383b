// `npm run formats -- examples/nginx [NAME…]`: builds the images of a template in all formats (or those
// named), has each looked at by tools that are not ours, starts those that this computer has the hardware
// for, and prints what became of them as a table for docs/formats.md.
import { mkdtemp, mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseTemplate } from '../src/appliance/template/parseTemplate.ts';
import { targetFormatNamed } from '../src/appliance/catalog/targetFormats.ts';
import { build, targetFormats, wipe, type Artifact } from '../src/builder/index.ts';
import type { Template } from '../src/appliance/template/model/template.ts';
import { spreadFolders } from '../src/forge/process/spreadFolders.ts';
import { checkImage } from '../test/support/checkImage.ts';
import { starts } from '../test/support/imageStarts.ts';
import { Failure, runMain } from './lib/interruption.ts';
import { root } from './lib/root.ts';
import { messageOf } from '../src/uforge/messageOf.ts';

interface Row {
  readonly name: string;
  readonly file: string;
  readonly size: string;
  readonly time: string;
  readonly accepted: string;
  /** On which hardware it was started. */
  readonly started: string;
}

await runMain(async ([folder, ...names], signal) => {
  if (folder === undefined)
    throw new Failure('Which template? For example: npm run formats -- examples/nginx');
  const strange = names.find((name) => targetFormatNamed(name) === undefined);
  if (strange !== undefined) throw new Failure(`There is no target format “${strange}”.`);
  const filesDir = resolve(folder);
  const template = await readTemplate(filesDir);
  const scratch = await mkdtemp(join(tmpdir(), 'appliance-forge-formats-'));
  await spreadFolders(scratch);
  const rows: Row[] = [];
  let failed = 0;
  try {
    for (const { name, imageFormat } of targetFormats) {
      if (names.length > 0 && !names.includes(name)) continue;
      signal.throwIfAborted();
      process.stderr.write(`${name} … `);
      const place = join(scratch, basename(imageFormat));
      const began = performance.now();
      try {
        const image = await buildFormat(name, template, filesDir, place, signal);
        const time = `${((performance.now() - began) / 1000).toFixed(1)} s`;
        process.stderr.write(`${time}\n`);
        const accepted = await checkImage(name, image, join(place, 'seen'));
        const size = `${(image.size / 1e6).toFixed(0)} MB`;
        const started = await startImage(name, image, place);
        rows.push({ name, file: image.fileName, size, time, accepted, started });
      } catch (error) {
        signal.throwIfAborted();
        failed += 1;
        const message = messageOf(error);
        const accepted = `FAILED: ${message.split('\n')[0] ?? ''}`;
        rows.push({ name, file: '', size: '', time: '', accepted, started: '' });
        process.stderr.write(`failed: ${message}\n`);
      }
      await wipe(place);
    }
  } finally {
    await wipe(scratch);
  }
  console.log(tableOf(rows));
  return failed === 0 ? 0 : 1;
});

async function readTemplate(filesDir: string): Promise<Template> {
  const { template, problems } = parseTemplate(
    await readFile(join(filesDir, 'template.yml'), 'utf8'),
    'yaml',
  );
  if (template === undefined) throw new Failure(problems.map(({ message }) => message).join('\n'));
  return template;
}

/** As hammr asks for it: compressed where the image is downloaded, not where it is published. */
async function buildFormat(
  name: string,
  template: Template,
  filesDir: string,
  place: string,
  signal: AbortSignal,
): Promise<Artifact> {
  const facts = targetFormatNamed(name);
  const workDir = join(place, 'work');
  await mkdir(workDir, { recursive: true });
  const image = {
    targetFormat: { name },
    compress: facts?.compress ?? true,
    ...(facts?.entrypoint === true && { entrypoint: '["/bin/sh", "-c", "echo CONTAINER-READY"]' }),
    installProfile: { memorySize: 512, diskSize: 2048 },
  };
  const cacheDir = process.env['FORGE_CACHE'] ?? join(root, '.cache/forge');
  const quiet = { progress: () => undefined, log: () => undefined };
  const installation = template.stack.installation ?? {};
  return await build(
    { template, filesDir, image, installation, revision: 1, workDir, cacheDir },
    quiet,
    signal,
  );
}

/** Until its console shows a login, or its entrypoint has spoken. */
async function startImage(name: string, image: Artifact, place: string): Promise<string> {
  const done: string[] = [];
  for (const [index, { on, start }] of starts.filter(({ format }) => format === name).entries()) {
    const folder = join(place, `start-${index}`);
    await mkdir(folder);
    await start(image, folder, /login: |CONTAINER-READY/);
    process.stderr.write(`  started: ${on}\n`);
    done.push(on);
  }
  return done.join('; ');
}

function tableOf(rows: readonly Row[]): string {
  const head = ['target format', 'file', 'size', 'time', 'accepted by', 'started on'];
  const cells = [
    head,
    ...rows.map((row) => [row.name, row.file, row.size, row.time, row.accepted, row.started]),
  ];
  const widths = head.map((_title, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...cells.slice(1).map(line)].join('\n');
}
