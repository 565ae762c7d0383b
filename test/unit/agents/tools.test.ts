import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { AgentMachines } from '../../../src/agents/agentMachines.ts';
import { ticketNamed } from '../../../src/agents/answers.ts';
import { callTool, type ToolResult } from '../../../src/agents/callTool.ts';
import type { AgentHost } from '../../../src/agents/host.ts';
import { inputSchemas } from '../../../src/agents/inputSchemas.ts';
import { toolNames } from '../../../src/agents/toolNames.ts';
import { tools } from '../../../src/agents/allTools.ts';
import { PushMemoryFile } from '../../../src/generate/pushMemory.ts';
import { PublicationStore } from '../../../src/tickets/publication.ts';
import { PublicationService } from '../../../src/tickets/publicationService.ts';
import { TicketService } from '../../../src/tickets/service.ts';
import type { Ticket } from '../../../src/tickets/ticket.ts';
import { InputError } from '../../../src/generate/inputError.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';
import { writeTinyImage } from '../../support/tinyImage.ts';
import { ManualClock, memoryStore, ticket } from '../tickets/support.ts';

interface Contribution {
  readonly name: string;
  readonly modelDescription: string;
  readonly inputSchema: object;
}

/** A host without a server: whoever asks one hears that it is away. */
function hostWith(
  tickets: readonly Ticket[],
  files: Readonly<Record<string, string>> = {},
  clock = new ManualClock(),
): AgentHost {
  const { store } = memoryStore(...tickets);
  const clients = () => Promise.reject(new UForgeError('network', 'The server is away.'));
  const publications = new PublicationStore(
    { load: () => undefined, save: () => Promise.resolve() },
    assert.ifError,
  );
  return {
    store,
    publications,
    publishing: new PublicationService({ store: publications, clients, clock }),
    machines: new AgentMachines(),
    clock,
    clients,
    service: new TicketService({ store, clients, clock }),
    memory: new PushMemoryFile('/nonexistent/pushed.json'),
    server: () => 'http://forge/api',
    label: () => 'forge',
    pathOf: (file) => file,
    read: (path) => Promise.resolve(files[path] ?? ''),
    assertMayStart: () => undefined,
    uriOf: (path) => `file://${path}`,
    release: () => Promise.resolve(),
    stopAt: () => '/',
    workingFolder: () => '/',
  };
}

function call(
  name: string,
  input: unknown,
  host: AgentHost,
  signal = new AbortController().signal,
): Promise<ToolResult> {
  const found = tools.find((tool) => tool.name === name);
  assert.ok(found, name);
  return callTool(found, input, { host, signal, report: () => undefined });
}

const json = (result: ToolResult) => JSON.parse(JSON.stringify(result.answer)) as Record<string, unknown>;

describe('the tools for agents', async () => {
  const manifest = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    readonly contributes: { readonly languageModelTools: readonly Contribution[] };
  };

  it('are declared in the manifest with the input and the description the code has', () => {
    const declared = manifest.contributes.languageModelTools.map(
      ({ name, modelDescription, inputSchema }) => ({ name, modelDescription, inputSchema }),
    );
    const inCode = tools.map(({ name, description }) => ({
      name: `applianceForge_${name}`,
      modelDescription: description,
      inputSchema: inputSchemas[name],
    }));
    assert.deepEqual(declared, JSON.parse(JSON.stringify(inCode)));
  });

  it('are registered under the names they have', () => {
    assert.deepEqual(
      tools.map(({ name }) => name),
      [...toolNames],
    );
  });

  it('take no argument they do not know, and say which one it was', async () => {
    const result = await call('check_definition', { file: 'a.xml', fix: true }, hostWith([]));
    assert.ok(!result.ok);
    assert.match(result.answer.error, /check_definition are wrong\. Unrecognized key: "fix"/);
    const missing = await call('follow_image', { wait_seconds: -1 }, hostWith([]));
    assert.ok(!missing.ok);
    assert.match(missing.answer.error, /at ticket/);
    assert.match(missing.answer.error, /at wait_seconds/);
  });

  it('list the problems of a definition with places counted from 1, and the fixes', async () => {
    const text =
      '<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge">\n  <compres>true</compres>\n</ns0:image>';
    const answer = json(
      await call(
        'check_definition',
        { file: 'representation.xml' },
        hostWith([], { 'representation.xml': text }),
      ),
    );
    assert.equal(answer['can_be_built'], false);
    const problems = answer['problems'] as { line: number; column: number; fixes?: string[] }[];
    const misspelt = problems.find(({ line }) => line === 2);
    assert.equal(misspelt?.column, 4);
    assert.match(misspelt.fixes?.[0] ?? '', /compress/);
  });

  it('refuse a file that is no definition', async () => {
    const result = await call('check_definition', { file: 'notes.txt' }, hostWith([]));
    assert.ok(!result.ok);
    assert.match(result.answer.error, /notes\.txt is neither a request/);
  });

  it('list the tickets that are known when the server is away, and say so', async () => {
    const tickets = [
      ticket(),
      ticket({
        uri: 'users/guest/appliances/7/images/13',
        itid: '13',
        state: 'failed',
        created: '2027-01-01',
      }),
    ];
    const answer = json(await call('list_images', {}, hostWith(tickets)));
    assert.equal(answer['total'], 2);
    assert.match(String(answer['note']), /forge could not be asked.*The server is away/);
    const [newest] = answer['images'] as Record<string, unknown>[];
    assert.equal(newest?.['ticket'], 'http://forge/api/users/guest/appliances/7/images/13');
    assert.match(String(newest['next']), /explain_failure/);
    const failed = json(await call('list_images', { state: 'failed' }, hostWith(tickets)));
    assert.equal(failed['total'], 1);
  });

  it('wait for a ticket to end, and no longer than they may', async () => {
    const host = hostWith([ticket()]);
    const ended = call('follow_image', { ticket: ticket().uri }, host);
    await Promise.resolve();
    host.store.put(ticket({ state: 'done', percentage: 100, downloadable: true }));
    assert.equal(json(await ended)['state'], 'done');

    const clock = new ManualClock();
    const other = hostWith([ticket()], {}, clock);
    const waiting = call('follow_image', { ticket: ticket().uri, wait_seconds: 5 }, other);
    assert.equal(await clock.next(), 5_000);
    const answer = json(await waiting);
    assert.equal(answer['state'], 'running');
    assert.match(String(answer['next']), /follow_image/);
  });

  it('stop waiting when the call is cancelled', async () => {
    const stop = new AbortController();
    const waiting = call('follow_image', { ticket: ticket().uri }, hostWith([ticket()]), stop.signal);
    stop.abort(new Error('Enough.'));
    await assert.rejects(waiting, /Enough/);
  });

  it('read logs of failures only', async () => {
    const result = await call('explain_failure', { ticket: ticket().uri }, hostWith([ticket()]));
    assert.ok(!result.ok);
    assert.match(result.answer.error, /has not failed: it is running\. Logs are read for failures only/);
  });

  it('start nothing that the person does not trust', async () => {
    const refuse = (): never => {
      throw new InputError('Restricted.');
    };
    for (const tool of ['start_image', 'test_image'] as const) {
      const host = { ...hostWith([]), assertMayStart: refuse };
      const refused = await call(tool, { file: '/x.raw' }, host);
      assert.ok(!refused.ok);
      assert.match(JSON.stringify(refused), /Restricted\./);
    }
  });

  it('start a machine with what its template says, and end it; another machine is none of theirs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'agents-'));
    const file = join(folder, 'tiny.raw');
    await writeTinyImage(file);
    const host = hostWith([]);
    try {
      const started = json(await call('start_image', { file, target_format: 'Raw Virtual Disk' }, host));
      assert.equal(started['up'], true);
      assert.match(String(started['console']), /tiny login:/);
      const machine = String(started['machine']);
      assert.deepEqual(json(await call('stop_machine', { machine }, host)), { machine, stopped: true });
      const gone = await call('run_in_machine', { machine, command: 'true' }, host);
      assert.ok(!gone.ok);
      assert.match(gone.answer.error, /There is no machine .* None runs: call start_image/);
    } finally {
      await host.machines[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    }
  });

  it('test nothing that no template says anything of', async () => {
    const result = await call('test_image', { file: '/nonexistent/a.qcow2' }, hostWith([]));
    assert.ok(!result.ok);
    assert.match(result.answer.error, /No template of .* has “tests”/);
  });

  it('cancel nothing that has ended', async () => {
    const host = hostWith([ticket({ state: 'done' })]);
    const result = await call('cancel_image', { ticket: ticket().uri }, host);
    assert.ok(!result.ok);
    assert.match(result.answer.error, /it is done\. There is nothing to cancel/);
  });

  it('ask which server is meant when two have a ticket of that name', async () => {
    const host = hostWith([ticket(), ticket({ server: 'http://other/api' })]);
    const context = { host, signal: new AbortController().signal, report: () => undefined };
    await assert.rejects(ticketNamed(ticket().uri, context), /several servers.*http:\/\/other\/api/);
    const found = await ticketNamed('http://other/api/users/guest/appliances/7/images/12', context);
    assert.equal(found.server, 'http://other/api');
  });
});
