import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Knowledge } from '../../src/editor/server/knowledge.ts';
import { ManualClock } from '../unit/tickets/support.ts';
import { answer, connect, listen, type Loopback, type TestClient } from '../unit/uforge/support.ts';
import { until } from './support.ts';

const debian = { id: '3', name: 'Debian', version: '12', arch: 'x86_64' };

describe('what a server has', () => {
  let server: Loopback;
  let connection: TestClient;
  let clock: ManualClock;
  let changed: vscode.EventEmitter<void>;
  let isReady: boolean;
  /** Who provides `absent`, on a server that tells. */
  let providing: readonly string[] | undefined;
  let noted: unknown[];
  let told: number;
  let connected: number;
  let knowledge: Knowledge;

  const asked = (what: string): number => server.received.filter(({ url }) => url.includes(what)).length;

  beforeEach(async () => {
    providing = undefined;
    server = await listen(({ url }, response) => {
      if (providing !== undefined) response.setHeader('template-keys', 'Stack.hostname');
      if (url.includes('/targetformats')) {
        answer(response, 'targetFormats', { targetFormats: [{ name: 'QCOW2' }] });
      } else if (url.includes('/distros')) {
        const { name, version, arch } = debian;
        answer(response, 'distributions', { distributions: [{ dbId: 3, name, version, arch }] });
      } else if (url.includes('/pkgs')) {
        const query = decodeURIComponent(url);
        const names = query.includes("'absent'")
          ? query.includes('provides==')
            ? (providing ?? [])
            : []
          : ['libnginx', 'nginx-extras', 'nginx', 'nginx-core'];
        answer(response, 'packages', {
          pkgs: names.map((name) => ({ name, version: '1', repositoryName: 'bookworm/main' })),
        });
      } else if (url.includes('/profiles')) {
        answer(response, 'distribProfiles', {
          distribProfiles: [{ $type: 'LinuxProfile', name: 'Minimal' }],
        });
      } else response.writeHead(403).end();
    });
    connection = connect(server.url);
    clock = new ManualClock();
    changed = new vscode.EventEmitter();
    [isReady, noted, told, connected] = [true, [], 0, 0];
    const servers = {
      current: server.url,
      client: () => {
        connected += 1;
        return Promise.resolve(connection.client);
      },
      isReady: () => Promise.resolve(isReady),
      label: () => 'the server',
      onDidChange: changed.event,
    };
    knowledge = new Knowledge(servers, clock, { note: (_context, error) => noted.push(error) });
    knowledge.onDidChange(() => (told += 1));
  });
  afterEach(async () => {
    knowledge.dispose();
    changed.dispose();
    await connection[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it('is asked for in the background, once, also where accounts may not be seen', async () => {
    assert.equal(knowledge.current, undefined);
    assert.equal(knowledge.current, undefined);
    await until(() => told === 1, 'the answers');
    const { formats, distributions, accounts } = knowledge.current!;
    assert.deepEqual([formats, distributions, accounts], [['QCOW2'], [debian], undefined]);
    assert.equal(asked('/targetformats?count=100&offset=0'), 1);
    assert.deepEqual(noted, []);
  });

  it('is asked for again when it is old, and known as it was until then', async () => {
    await knowledge.ask();
    clock.pass(5 * 60_000 + 1);
    assert.deepEqual(knowledge.current?.formats, ['QCOW2']);
    await until(() => told === 2, 'the new answers');
  });

  it('is not asked for while nobody is signed in, and then not before a minute has passed', async () => {
    isReady = false;
    assert.equal(knowledge.current, undefined);
    await new Promise(setImmediate);
    isReady = true;
    assert.equal(knowledge.current, undefined);
    await new Promise(setImmediate);
    assert.equal(connected, 0);
    clock.pass(60_000);
    assert.equal(knowledge.current, undefined);
    await until(() => told === 1, 'the answers');
  });

  it('tells after a check which of the packages it asked about are not there', async () => {
    const { repositoriesWith, profilesOf } = await knowledge.ask();
    const look = (): unknown[] => [
      repositoriesWith?.(debian, 'nginx'),
      repositoriesWith?.(debian, 'absent'),
      profilesOf?.(debian),
    ];
    assert.deepEqual(look(), [undefined, undefined, undefined]);
    assert.deepEqual(look(), [undefined, undefined, undefined]);
    assert.equal(clock.pending, 1, 'one look for all that was asked about');
    await clock.next();
    await until(() => told === 3 || noted.length > 0, 'profiles and packages');
    assert.deepEqual(noted, []);
    assert.deepEqual(look(), [['bookworm/main'], [], ['Minimal']]);
    // One for each, and two for names near the one that is not there.
    assert.equal(asked('/pkgs'), 4);
    assert.deepEqual(await knowledge.missingPackages(debian, ['nginx', 'absent']), ['absent']);
    assert.equal(asked('/pkgs'), 4, 'what is known is not asked about again');
  });

  it('has what one package alone stands for, and tells which do where there are several', async () => {
    const lookFor = async (names: readonly string[]): Promise<unknown[]> => {
      providing = names;
      const { providersOf } = await knowledge.ask();
      const missing = await knowledge.missingPackages(debian, ['absent']);
      return [missing, [...(providersOf?.(debian, 'absent')?.keys() ?? [])]];
    };
    assert.deepEqual(await lookFor(['nginx']), [[], ['nginx']]);
    assert.deepEqual(await lookFor(['nginx', 'apache2']), [['absent'], ['nginx', 'apache2']]);
    assert.deepEqual(await lookFor([]), [['absent'], []], 'asked anew, nobody does any more');
  });

  it('is found by a part of a package’s name: the name itself first, then what starts with it', async () => {
    const found = await knowledge.search(debian, "ngi'nx");
    assert.deepEqual(
      found.map(({ name }) => name),
      ['nginx', 'nginx-core', 'nginx-extras', 'libnginx'],
    );
    assert.match(decodeURIComponent(server.received.at(-1)!.url), /name==\*nginx\*/);
  });

  it('is forgotten when another server is in charge', async () => {
    await knowledge.ask();
    isReady = false;
    changed.fire();
    assert.equal(knowledge.current, undefined);
    assert.equal(told, 2);
  });
});
