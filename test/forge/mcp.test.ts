import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult, Progress } from '@modelcontextprotocol/sdk/types.js';
import { bundle } from '../../scripts/build.ts';
import { inputSchemas } from '../../src/agents/inputSchemas.ts';
import { toolNames } from '../../src/agents/toolNames.ts';
import { findForge, stopForge } from '../../src/forge/process/launch.ts';
import { until } from './server/support.ts';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));

type Answer = Readonly<Record<string, unknown>>;

// The protocol’s own client on one side, the real forge on the other, and between them the program as it is shipped.
suite('the MCP server', () => {
  let folder = '';
  let dataDir = '';
  let client: Client;
  let running = '';
  let bundles = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mcp-'));
    dataDir = join(folder, 'data');
    await cp(join(examples, 'minimal'), folder, { recursive: true });
    // Nothing but the base system comes from a cache: the build takes long enough to be cancelled.
    const template = join(folder, 'template.yml');
    const text = await readFile(template, 'utf8');
    await writeFile(template, text.replace('name: minimal', `name: minimal-${randomUUID()}`));
    bundles = join(folder, 'dist');
    await bundle({ minify: true, outdir: bundles });
    client = await connect();
  });
  after(async () => {
    await client.close();
    await stopForge(dataDir);
    await rm(folder, { recursive: true, force: true });
  });

  async function connect(args: readonly string[] = []): Promise<Client> {
    const cache = process.env['FORGE_CACHE'];
    const made = new Client({ name: 'test', version: '1' });
    await made.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [join(bundles, 'cli.js'), 'mcp', ...args],
        cwd: folder,
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: '/nonexistent',
          APPLIANCE_FORGE_DATA: dataDir,
          ...(cache !== undefined && { FORGE_CACHE: cache }),
        },
        stderr: 'inherit',
      }),
    );
    return made;
  }

  /** The answer of a tool, which its text holds, too. */
  async function call(
    name: (typeof toolNames)[number],
    args: Readonly<Record<string, unknown>> = {},
    onprogress?: (progress: Progress) => void,
  ): Promise<Answer & { readonly isError: boolean }> {
    const options = { timeout: 120_000, ...(onprogress && { onprogress }) };
    const result = (await client.callTool({ name, arguments: args }, undefined, options)) as CallToolResult;
    const [content] = result.content;
    assert.equal(content?.type, 'text');
    const { structuredContent } = result;
    assert.deepEqual(JSON.parse(content.text), structuredContent);
    return { ...structuredContent, isError: result.isError === true };
  }

  async function done(name: (typeof toolNames)[number], args = {}): Promise<Answer> {
    const answer = await call(name, args);
    assert.ok(!answer.isError, JSON.stringify(answer));
    return answer;
  }

  test('tells which tools there are, what they take and what they do to the world', async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      [...toolNames],
    );
    for (const { name, inputSchema, description, annotations } of tools) {
      assert.deepEqual(inputSchema, inputSchemas[name]);
      assert.ok((description ?? '').length > 50);
      assert.equal(typeof annotations?.readOnlyHint, 'boolean');
    }
    assert.match(client.getInstructions() ?? '', /follow its ticket/);
  });

  test('checks a definition without starting a forge', async () => {
    const answer = await done('check_definition', { file: 'template.yml' });
    assert.equal(answer['can_be_built'], true);
    assert.equal(await findForge(dataDir), undefined);
  });

  test('lists the formats and the distributions of the forge', async () => {
    const { formats } = (await done('list_formats')) as { formats: { name: string }[] };
    assert.ok(
      formats.some(({ name }) => name === 'QCOW2'),
      JSON.stringify(formats),
    );
    const { distributions } = (await done('search_packages')) as { distributions: { name: string }[] };
    assert.ok(distributions.every(({ name }) => name === 'Debian'));
    const none = await call('search_packages', { distribution: 'Slackware' });
    assert.ok(none.isError);
    assert.match(String(none['error']), /no such distribution\. It has: Debian 12/);
  });

  test('refuses what can’t be built with what would be right', async () => {
    const format = await call('generate_image', { file: 'template.yml', target_format: 'QCOW' });
    assert.ok(format.isError);
    assert.match(String(format['error']), /Did you mean “QCOW2”/);
    await writeFile(join(folder, 'wrong.xml'), '<image><compress>yes</compress></image>');
    const wrong = await call('generate_image', { file: 'wrong.xml' });
    assert.ok(wrong.isError);
    assert.ok((wrong['problems'] as unknown[]).length > 0);
    const missing = await call('generate_image', { file: 'nowhere.yml' });
    assert.match(String(missing['error']), /There is no file .*nowhere\.yml/);
  });

  test('generates an image, tells how it goes, and goes on when the client has gone', async () => {
    const ticket = await done('generate_image', { file: 'template.yml', target_format: 'qcow2' });
    running = String(ticket['ticket']);
    assert.equal(ticket['target_format'], 'QCOW2', 'spelt as the server does');
    const heard: Progress[] = [];
    const followed = await call('follow_image', { ticket: running, wait_seconds: 2 }, (progress) =>
      heard.push(progress),
    );
    assert.ok(!followed.isError);
    assert.ok(heard.length > 0, 'progress was told');
    assert.equal(heard[0]?.total, 100);
    await client.close();
    client = await connect();
  });

  test('knows a ticket that is older than itself, and cancels it', async () => {
    const cancelled = await done('cancel_image', { ticket: running });
    assert.equal(cancelled['state'], 'cancelled');
    const again = await call('cancel_image', { ticket: running });
    assert.match(String(again['error']), /There is nothing to cancel/);
    const { images } = (await done('list_images', { state: 'cancelled' })) as { images: Answer[] };
    assert.deepEqual(
      images.map(({ ticket }) => ticket),
      [running],
    );
  });

  test('explains a failure from its log, and what would help', async () => {
    const template = await readFile(join(folder, 'template.yml'), 'utf8');
    const broken = template
      .replace(/name: minimal\S*/, 'name: broken')
      .replace('profile: Minimal', 'profile: Minimal\n    pkgs: [{ name: no-such-package-anywhere }]');
    await writeFile(join(folder, 'broken.yml'), broken);
    const { ticket } = await done('generate_image', { file: 'broken.yml', target_format: 'QCOW2' });
    await until('it has failed', async () => {
      const { state } = await done('follow_image', { ticket, wait_seconds: 30 });
      return state === 'failed';
    });
    const why = await done('explain_failure', { ticket });
    assert.match(String(why['reason']), /no-such-package-anywhere/);
    assert.ok((why['last_lines'] as string[]).length > 0);
    assert.match((why['advice'] as string[]).join(' '), /search_packages/);
  });

  test('does not start without credentials for a server, and says what is missing', async () => {
    const { start } = await import('../support/commandLine.ts');
    const args = ['mcp', '--server', 'https://uforge.example.com/api', '--user', 'ann'];
    const { code, out, errors } = await start(args, {});
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.match(errors, /APPLIANCE_FORGE_PASSWORD/);
  });
});
