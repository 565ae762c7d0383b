// The servers that are measured, in a process of their own: a forge with 100 tickets and a large file, and a
// bare `node:http` handler. Says where they are over IPC; `{ busy }` makes the last ticket move as a build
// does, `{ many }` makes so many tickets run and move, each when it likes; `{ build }` builds a real image
// and says `{ built }` when it has ended; `{ loop }` begins to look at the event loop, or says what has been
// seen of it since.
import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Forge } from '../../src/forge/process/forge.ts';
import { ForgeServer } from '../../src/forge/api/http/server.ts';
import { dataFolder } from '../../src/forge/process/paths.ts';
import { prepareDataFolder } from '../../src/forge/process/prepareDataFolder.ts';
import { requestImage } from '../../src/forge/images/takeRequest.ts';
import { systemClock } from '../../src/uforge/clock.ts';
import { cacheDir, exampleNeverBuilt } from '../../test/support/builds.ts';

/** What the measuring process is told. */
export interface Servers {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly bareUrl: string;
  /** Of the ticket with the file. */
  readonly aid: number;
  readonly itid: number;
}

const tickets = 100;
const fileSize = 256 * 2 ** 20;

const user = 'bench';
const [directory = ''] = process.argv.slice(2);
const data = dataFolder(directory);
await prepareDataFolder(data);
const onError = (error: unknown): void => console.error(error);
const forge = new Forge({ data, cacheDir, clock: systemClock, onError });
const about = {
  version: '1.0',
  templateFile: 'template.yml',
  archiveSize: 1000,
  description: undefined,
  distribution: 'Debian 12',
  arch: 'x86_64',
} as const;
const owner = forge.users.first(user).id;
const appliance = forge.appliances.create(owner, { name: 'nginx', ...about }, { imported: true });

function newTicket({ id: applianceId, revision } = appliance): number {
  const request = '{"image":{"compress":true,"targetFormat":{"name":"VirtualBox"}}}';
  const { id } = forge.tickets.create({
    applianceId,
    revision,
    targetFormat: 'VirtualBox',
    request,
  });
  forge.tickets.start(id, 'Installing packages');
  return id;
}

const itid = newTicket();
const content = randomBytes(fileSize);
const fileName = 'nginx_1.0rev1_vbox.ova';
await mkdir(data.image(itid), { recursive: true });
await writeFile(join(data.image(itid), fileName), content);
const file = {
  fileName,
  fileExtension: 'ova',
  mimeType: 'application/x-virtualbox-ova',
  size: fileSize,
  sha256: createHash('sha256').update(content).digest('hex'),
  md5: createHash('md5').update(content).digest('hex'),
};
forge.tickets.finish(itid, 'Done', file, []);
for (let made = 1; made < tickets - 1; made++)
  forge.tickets.fail(newTicket(), 'Failed', 'No such package.', 'E: nginx');
const running = newTicket();

const password = randomBytes(16).toString('hex');
const server = new ForgeServer({ forge, session: { user, password }, onError });
await server.listen();

const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const answer = await fetch(`${server.url}/users/${user}/images/status`, { headers: { authorization } });
const body = Buffer.from(await answer.arrayBuffer());
const headers = Object.fromEntries(answer.headers);
delete headers['transfer-encoding'];
const bare = createServer((_, response) => void response.writeHead(200, headers).end(body));
await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));

/** What the measuring process asks for. */
interface Wish {
  readonly busy?: boolean;
  readonly many?: number;
  readonly build?: boolean;
  readonly loop?: 'begin' | 'end';
}

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
let moving: NodeJS.Timeout | undefined;
let step = 0;
process.on('message', ({ busy, many, build, loop }: Wish) => {
  if (build) void buildImage().then((built) => process.send?.({ built }));
  if (loop === 'begin') delay.reset();
  if (loop === 'end') process.send?.({ loop: delay.percentile(99) / 1e6 });
  if (busy === undefined && many === undefined) return;
  clearInterval(moving);
  if (many !== undefined) moveMany(many);
  if (busy) {
    moving = setInterval(() => {
      forge.tickets.progress(running, {
        stage: 'install',
        message: `Installing package ${++step}`,
        percentage: Math.min(90, step / 10),
      });
    }, 200);
  }
});

/** An image of examples/nginx; only its packages come from the cache. @returns seconds */
async function buildImage(): Promise<number> {
  const started = performance.now();
  const { template, filesDir } = await exampleNeverBuilt('nginx');
  const made = await forge.definitions.create(owner, template, async (folder) => {
    await cp(filesDir, folder, { recursive: true, filter: (path) => !path.endsWith('template.yml') });
    return template;
  });
  const image = { compress: true, targetFormat: { name: 'VirtualBox' } };
  const { id } = await requestImage(forge, made.record, image);
  while (['waiting', 'running'].includes(forge.tickets.get(id)?.state ?? '')) await pause(50);
  const ticket = forge.tickets.get(id);
  if (ticket?.state !== 'done') throw new Error(`The image failed: ${ticket?.errorMessage ?? ''}`);
  return (performance.now() - started) / 1000;
}

/**
 * Each of the tickets says when it moved, in ms since 1970, so that whoever watches knows how late the news
 * is.
 */
function moveMany(count: number): void {
  const ids = Array.from({ length: count }, (_, index) =>
    newTicket(forge.appliances.create(owner, { name: `appliance-${index}`, ...about }, { imported: true })),
  );
  moving = setInterval(() => {
    const id = ids[Math.floor(Math.random() * ids.length)] ?? 0;
    forge.tickets.progress(id, { stage: 'install', message: `Moved at ${Date.now()}`, percentage: 50 });
  }, 700);
}
// What a build runs must not outlive it.
const end = (): void => void forge[Symbol.asyncDispose]().finally(() => process.exit());
process.once('disconnect', end).once('SIGTERM', end);
const servers: Servers = {
  url: server.url,
  user,
  password,
  bareUrl: `http://127.0.0.1:${(bare.address() as AddressInfo).port}`,
  aid: appliance.id,
  itid,
};
process.send?.(servers);
