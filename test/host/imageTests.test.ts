import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ErrorReporter } from '../../src/editor/errors.ts';
import { Downloads } from '../../src/editor/images/downloadImage.ts';
import { RememberedTexts } from '../../src/editor/rememberedTexts.ts';
import type { Servers } from '../../src/editor/server/servers.ts';
import { TestedImages } from '../../src/editor/tests/testedImages.ts';
import { TestExplorer } from '../../src/editor/tests/testExplorer.ts';
import { TicketStore } from '../../src/tickets/store.ts';
import { ticketKey, type Ticket } from '../../src/tickets/ticket.ts';
import { systemClock as clock } from '../../src/uforge/clock.ts';
import { writeTinyImage } from '../support/tinyImage.ts';
import { examples, extension } from './support.ts';

const format = 'Raw Virtual Disk';
const text = `stack:
  { name: tiny, version: '1.0', os: { name: Debian, version: '12', arch: x86_64, profile: Minimal } }
builders: [{ type: ${format}, hardwareSettings: { memory: 64 } }]
tests:
  - { console: 'tiny login:' }
  - { name: never said, console: 'no such line', within: 1 }
`;

describe('the tests of a template in the Test Explorer', () => {
  let folder: string;
  let template: vscode.Uri;
  let ticket: Ticket;
  let tested: TestedImages;
  let store: TicketStore;
  let explorer: TestExplorer;
  let profile: vscode.TestRunProfile;
  let controller: vscode.TestController;
  const opened: { dispose(): unknown }[] = [];

  before(async () => {
    await extension();
    folder = await mkdtemp(join(tmpdir(), 'af-tests-'));
    const image = join(folder, 'tiny.raw');
    await writeTinyImage(image);
    await mkdir(join(examples().fsPath, 'tiny'));
    template = vscode.Uri.joinPath(examples(), 'tiny/template.yml');
    await writeFile(template.fsPath, text);
    ticket = {
      ...{ server: 'http://127.0.0.1:9/api', uid: 'guest', uri: 'users/guest/appliances/7/images/12' },
      ...{ aid: '7', itid: '12', applianceUri: 'users/guest/appliances/7', applianceName: 'tiny' },
      ...{ applianceVersion: '1.0', targetFormat: format, state: 'done', percentage: 100, message: '' },
      ...{ created: '2026-01-31T12:00:00.000Z', changed: '2026-01-31T12:05:00.000Z' },
      ...{ fileName: 'tiny.raw', fileSize: (await stat(image)).size, downloadable: true, simulated: false },
      definition: template.toString(),
    };
    store = new TicketStore({ load: () => [ticket], save: () => Promise.resolve() }, () => undefined);
    const kept = new Map<string, unknown>();
    const state = {
      keys: () => [...kept.keys()],
      get: (key: string, otherwise?: unknown) => kept.get(key) ?? otherwise,
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    } as vscode.Memento;
    const files = new RememberedTexts(state, 'downloads');
    await files.set(ticketKey(ticket), `${ticket.changed}\n${image}`);
    // Its server is away: the file is on this computer.
    const servers = { client: () => Promise.reject(new Error('away')) } as unknown as Servers;
    const downloads = new Downloads(store, servers, files, clock);
    tested = new TestedImages(store, new RememberedTexts(state, 'tested'));
    const log = vscode.window.createOutputChannel('tests of images', { log: true });
    controller = vscode.tests.createTestController('tiny', 'tiny');
    profile = controller.createRunProfile('run', vscode.TestRunProfileKind.Run, () => undefined);
    const context = { store, downloads, tested, clock, errors: new ErrorReporter(log) };
    explorer = new TestExplorer(controller, profile, context);
    opened.push(profile, controller, downloads, tested, log);
  });
  after(async () => {
    for (const each of opened) each.dispose();
    store[Symbol.dispose]();
    await rm(folder, { recursive: true });
    await rm(join(examples().fsPath, 'tiny'), { recursive: true });
  });

  const rows = (items: vscode.TestItemCollection): string[] =>
    [...items].flatMap(([, item]) => [item.label, ...rows(item.children).map((row) => `  ${row}`)]);

  it('stand under template and format, with their places in the file', async () => {
    await explorer.discover();
    const tiny = controller.items.get(template.toString());
    assert.deepEqual(
      rows(controller.items)
        .filter((row) => !row.startsWith('  '))
        .sort(),
      ['nginx 1.0', 'tiny 1.0'],
    );
    assert.ok(tiny);
    assert.deepEqual(rows(tiny.children), [format, '  console tiny login:', '  never said']);
    const check = tiny.children
      .get(`${template.toString()}#${format}`)
      ?.children.get(`${template.toString()}#${format}#1`);
    assert.equal(check?.range?.start.line, 5);
  });

  it('start the image, and the ticket says how many passed', async function () {
    this.timeout(60_000);
    let changes = 0;
    opened.push(tested.onDidChange(() => changes++));
    assert.equal(tested.labelOf(ticket), undefined);
    assert.equal(await explorer.test(ticket), false);
    assert.equal(tested.labelOf(ticket), 'tested: 1 of 2');
    assert.equal(changes, 1);
    // Generated again, it is another image.
    assert.equal(tested.labelOf({ ...ticket, changed: '2026-02-01T00:00:00.000Z' }), undefined);
  });

  it('run alone, from the newest image, and say nothing of the whole', async function () {
    this.timeout(60_000);
    await tested.remember(ticket, 2, 2);
    const row = controller.items.get(template.toString())?.children.get(`${template.toString()}#${format}`);
    const [first] = [...(row?.children ?? [])].map(([, item]) => item);
    await explorer.run(new vscode.TestRunRequest([first!], undefined, profile));
    assert.equal(tested.labelOf(ticket), 'tested: 2 of 2');
  });

  it('follow the template when it is saved, and go with its last test', async () => {
    await writeFile(template.fsPath, text.replace('never said', 'said at last'));
    await explorer.update(template);
    assert.ok(rows(controller.items).includes('    said at last'));
    await writeFile(template.fsPath, text.slice(0, text.indexOf('tests:')));
    await explorer.update(template);
    assert.equal(controller.items.get(template.toString()), undefined);
    assert.equal(await explorer.hasTests(ticket), false);
  });
});
