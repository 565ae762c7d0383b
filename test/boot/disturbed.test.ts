import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { entryKinds } from '../../src/builder/cache/cache.ts';
import { imageFormatOf } from '../../src/builder/formats/formats.ts';
import { stages, type StageName } from '../../src/builder/stages/progress.ts';
import {
  archive,
  element,
  imageRequest,
  importArchive,
  startForge,
  stop,
  temporaryFolder,
  until,
  type TestForge,
} from '../forge/server/support.ts';
import { cacheDir } from '../support/builds.ts';
import { startMirror, type Mirror } from '../support/mirror.ts';
import { ownDisk, type OwnDisk } from '../support/ownDisk.ts';
import { workLeft } from '../support/workLeft.ts';

/** What a virtual disk goes through, a live system and a container: together every stage, and none of them in no time. */
const formats = ['VirtualBox', 'ISO', 'Docker'];
/** A stage that is over before anybody could act is tried again, so often. */
const attempts = 3;
const minutes = 60_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let disk: OwnDisk;
let mirror: Mirror;
let forge: TestForge;

const path = (...names: string[]): string => disk.seen(join(folder.path, ...names));

async function start(): Promise<void> {
  const args = ['--cache', join(folder.path, 'cache'), '--builds', '1'];
  forge = await startForge(join(folder.path, 'data'), args, { FORGE_MIRROR: mirror.url }, disk.within);
}

before(async () => {
  folder = await temporaryFolder();
  disk = await ownDisk(folder.path, 6000);
  mirror = await startMirror(join(cacheDir, '../test-mirror'));
  await mkdir(path('cache'));
  await cp(join(cacheDir, 'packages'), path('cache/packages'), { recursive: true }).catch(() => undefined);
  await start();
});
after(async () => {
  if (forge.child.exitCode !== null || forge.child.signalCode !== null)
    console.error(
      `The forge has ended: ${forge.child.signalCode ?? forge.child.exitCode ?? ''} ${forge.errors()}`,
    );
  await forge[Symbol.asyncDispose]();
  await mirror[Symbol.asyncDispose]();
  await disk[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** A ticket that is being built. */
interface Ticket {
  readonly image: string;
  status(): Promise<string>;
  log(): Promise<string>;
}

/** The images of an appliance nobody has built. What is left of others would only fill the disk. */
async function newAppliance(): Promise<string> {
  await forgetOutputs();
  const os = `{ name: Debian, version: '12', arch: x86_64, profile: Minimal, pkgs: [{ name: hello }] }`;
  const content = `stack:\n  name: disturbed-${randomUUID()}\n  version: '1.0'\n  os: ${os}\n  installation: { diskSize: 1536 }\n`;
  const { appliance, status } = await importArchive(forge, await archive({ name: 'template.yml', content }));
  assert.ok(appliance !== undefined, status);
  return `${appliance}/images`;
}

async function generate(images: string, format: string): Promise<Ticket> {
  const { body = '', ...request } = imageRequest(format);
  const entrypoint = format === 'Docker' ? '<entrypoint>["/bin/sh"]</entrypoint>' : '';
  const answer = await forge.call('POST', images, {
    ...request,
    body: String(body).replace('</targetFormat>', `</targetFormat>${entrypoint}`),
  });
  assert.equal(answer.status, 201, answer.text);
  const image = `/${element(answer.text, 'parentUri') ?? ''}`;
  return {
    image,
    status: async () => (await forge.call('GET', `${image}/status`)).text,
    log: () => readFile(path('data/logs', `${image.replace(/.*\//, '')}.log`), 'utf8').catch(() => ''),
  };
}

type End = 'done' | 'cancelled' | 'failed';

async function endOf(ticket: Ticket): Promise<End> {
  for (;;) {
    const status = await ticket.status();
    if (element(status, 'complete') === 'true') return 'done';
    if (element(status, 'cancelled') === 'true') return 'cancelled';
    if (element(status, 'error') === 'true') return 'failed';
    await pause(50);
  }
}

/** Waits for a stage to begin, in the ticket's log; false when the build ended without it. */
async function begins(ticket: Ticket, stage: StageName): Promise<boolean> {
  for (;;) {
    if ((await ticket.log()).includes(`== ${stages[stage].title} ==`)) return true;
    if (
      (await workLeft(path('data'))).length === 0 &&
      /complete>true|error>true/.test(await ticket.status())
    ) {
      mirror.release();
      return false;
    }
    await pause(5);
  }
}

/** Nothing of a build is left but what it finished: no work, no image, no half entry in the cache. */
async function assertClean(ticket: Ticket, end: End): Promise<void> {
  assert.deepEqual(await workLeft(path('data')), [], 'work');
  const images = await readdir(path('data/images'));
  assert.equal(images.includes(ticket.image.replace(/.*\//, '')), end === 'done', `images: ${images.join()}`);
  for (const kind of [...entryKinds, 'packages']) {
    const names = await readdir(path('cache', kind)).catch(() => []);
    assert.deepEqual(
      names.filter((name) => name.endsWith('.tmp')),
      [],
      `cache/${kind}`,
    );
  }
}

/** So that the stage has something to do: an index to read, a package to fetch. */
async function makeWorkFor(stage: StageName): Promise<void> {
  if (stage === 'checkDependencies') {
    for (const name of await readdir(path('cache/index')).catch(() => []))
      await rm(path('cache/index', name, 'refreshed'), { force: true });
  }
  if (stage === 'fetchPackages') {
    for (const name of await readdir(path('cache/packages')))
      if (name.startsWith('hello_')) await rm(path('cache/packages', name));
    mirror.hold();
  }
}

/** All but base roots and packages. */
async function forgetOutputs(): Promise<void> {
  for (const kind of entryKinds.filter((each) => each !== 'bases'))
    await rm(path('cache', kind), { recursive: true, force: true });
}

/** What is left is a good build, and a cache that says the same as none. */
async function assertGoodAfterwards(images: string, format: string): Promise<void> {
  const sums: string[] = [];
  for (const round of ['with what is in the cache', 'with nothing']) {
    if (round === 'with nothing') await forgetOutputs();
    const ticket = await generate(images, format);
    assert.equal(await endOf(ticket), 'done', `${round}: ${await ticket.status()}`);
    sums.push(element((await forge.call('GET', ticket.image)).text, 'sha256sum') ?? '');
    assert.equal((await forge.call('DELETE', ticket.image)).status, 204);
  }
  assert.notEqual(sums[0], '');
  assert.equal(sums[0], sums[1], 'the same bytes');
}

/** The stages that a build of this format goes through when the cache has the base root only. */
function stagesOf(format: string): readonly StageName[] {
  const hasDisk = imageFormatOf(format)?.system.hasDisk === true;
  return (Object.keys(stages) as StageName[]).filter((stage) => stage !== 'createDisk' || hasDisk);
}

/** What is done to a build in a stage, and what comes of it. */
interface Disturbance {
  /** How a build ends that was met. */
  readonly wanted: End;
  /** Stages that it can't harm; a build that is met there is done. */
  readonly harmless?: readonly StageName[];
  /** Resolves with how the build ended. */
  readonly disturb: (ticket: Ticket, stage: StageName) => Promise<End>;
}

/** Builds once for every stage, disturbs the build there, and looks at what is left: nothing, and then a good build. */
async function disturbEachStage(
  t: TestContext,
  format: string,
  { wanted, harmless = [], disturb }: Disturbance,
): Promise<void> {
  let images = await newAppliance();
  for (const stage of stagesOf(format)) {
    const isMet = harmless.includes(stage) ? 'done' : wanted;
    for (let attempt = 1; ; attempt += 1) {
      await makeWorkFor(stage);
      const ticket = await generate(images, format);
      const end = (await begins(ticket, stage)) ? await disturb(ticket, stage) : await endOf(ticket);
      await assertClean(ticket, end);
      if (end === 'done') {
        // What is done is in the cache: the next build of it would leave stages out.
        assert.equal((await forge.call('DELETE', ticket.image)).status, 204);
        images = await newAppliance();
      }
      t.diagnostic(`${format}, ${stage}: ${end}${attempt > 1 ? `, attempt ${attempt}` : ''}`);
      if (end === isMet) break;
      assert.ok(attempt < attempts, `“${stage}” was over before anything could be done, ${attempts} times`);
    }
  }
  await assertGoodAfterwards(images, format);
}

async function errorOf(ticket: Ticket): Promise<string> {
  return element(await ticket.status(), 'errorMessage') ?? '';
}

for (const format of formats) {
  suite(format, () => {
    test('a cancel in each stage', { timeout: 30 * minutes }, async (t) => {
      await disturbEachStage(t, format, {
        wanted: 'cancelled',
        async disturb(ticket, stage) {
          const { status } = await forge.call('DELETE', `${ticket.image}/status`);
          const end = await endOf(ticket);
          mirror.release();
          assert.equal(end, status === 200 ? 'cancelled' : 'done', stage);
          return end;
        },
      });
    });

    test('a kill -9 in each stage', { timeout: 30 * minutes }, async (t) => {
      await disturbEachStage(t, format, {
        wanted: 'failed',
        async disturb(ticket) {
          await stop(forge.child, 'SIGKILL');
          mirror.release();
          await start();
          const end = await endOf(ticket);
          if (end === 'failed') assert.match(await errorOf(ticket), /^The forge was stopped while/);
          return end;
        },
      });
    });

    test('a full disk in each stage', { timeout: 30 * minutes }, async (t) => {
      const full = /^The disk is full: “[^”]+” (needs \d+ MB in|has run out of room in) .* are free/;
      await disturbEachStage(t, format, {
        wanted: 'failed',
        // It reads the finished file and gives it its name.
        harmless: ['store'],
        async disturb(ticket, stage) {
          // Filling takes longer than some stages do.
          forge.child.kill('SIGSTOP');
          await disk.fill();
          forge.child.kill('SIGCONT');
          mirror.release();
          // What the cache gives up for the build, others take; storing asks it for nothing.
          while (stage !== 'store' && (await workLeft(path('data'))).length > 0) await disk.fill();
          await disk.empty();
          const end = await endOf(ticket);
          if (end === 'failed') assert.match(await errorOf(ticket), full, stage);
          return end;
        },
      });
    });

    test('a mirror that vanishes in each stage', { timeout: 30 * minutes }, async () => {
      const images = await newAppliance();
      for (const stage of ['checkDependencies', 'fetchPackages', 'install'] as const) {
        await makeWorkFor(stage);
        const ticket = await generate(images, format);
        assert.ok(await begins(ticket, stage), stage);
        await mirror.vanish();
        mirror.release();
        // From the installation on, nothing needs it: it stays away until the image is done.
        const end = await endOf(ticket);
        await mirror.comeBack();
        assert.equal(end, stage === 'install' ? 'done' : 'failed', `${stage}: ${await ticket.status()}`);
        if (end === 'failed') {
          assert.match(
            await errorOf(ticket),
            /^The Debian mirror http:\S+ (can't be reached|doesn't deliver)/,
          );
        }
        await assertClean(ticket, end);
      }
      await until('nothing is left', async () => (await workLeft(path('data'))).length === 0);
    });
  });
}
