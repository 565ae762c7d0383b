import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findForge, stopForge } from '../../src/forge/process/launch.ts';
import { basicAuthorizer } from '../../src/uforge/authorizer.ts';
import { createClient } from '../../src/uforge/client/client.ts';
import { systemClock } from '../../src/uforge/clock.ts';
import type { Image } from '../../src/uforge/dto.ts';
import { parseImageUri } from '../../src/uforge/uris.ts';
import { createUndiciTransport } from '../../src/uforge/transport/undiciTransport.ts';
import { start, type Ended } from '../support/commandLine.ts';
import { workLeft } from '../support/workLeft.ts';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));

let folder = '';
let dataDir = '';
let minimal = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-forge-'));
  dataDir = join(folder, 'data');
  minimal = join(folder, 'minimal');
  await cp(join(examples, 'minimal'), minimal, { recursive: true });
});
after(async () => {
  await stopForge(dataDir);
  await rm(folder, { recursive: true, force: true });
});

function generate(
  file: string,
  args: readonly string[] = [],
  onOutput?: Parameters<typeof start>[2],
): Promise<Ended> {
  return start(['generate', file, '--output', join(folder, 'out'), ...args], ownForge(), onOutput);
}

function ownForge(): Readonly<Record<string, string>> {
  const cache = process.env['FORGE_CACHE'];
  return { APPLIANCE_FORGE_DATA: dataDir, ...(cache !== undefined && { FORGE_CACHE: cache }) };
}

/** What the forge says of a ticket. */
async function ticketOnServer(uri: string): Promise<Image> {
  const forge = await findForge(dataDir);
  assert.ok(forge, 'the forge outlives the command line');
  await using transport = createUndiciTransport();
  const { url, user, password } = forge;
  const authorizer = basicAuthorizer(user, password);
  const client = createClient({ baseUrl: url, uid: user, authorizer, transport, clock: systemClock });
  return await client.machineImage_get(parseImageUri(uri)!);
}

function ticketIn(out: string): string {
  const uri = /Ticket (\S+)/.exec(out)?.[1];
  assert.ok(uri, out);
  return uri;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

suite('the command line and the local forge', () => {
  test('bring an image from a request, say how it goes, and name the file last', async () => {
    const sbom = ['--sbom', 'cyclonedx', '--sbom=spdx'];
    const { code, out, errors } = await generate(join(minimal, 'representation.xml'), sbom);
    assert.equal(code, 0, out + errors);
    const lines = out.trimEnd().split('\n');
    const path = lines.at(-1) ?? '';
    assert.equal(dirname(path), join(folder, 'out'));
    assert.ok((await stat(path)).size > 10_000_000);
    const image = await ticketOnServer(ticketIn(out));
    assert.equal(image.fileName, basename(path));
    assert.equal(image.sha256sum, await sha256(path));
    assert.equal(image.targetFormat?.name, 'QCOW2');
    const materials = await Promise.all(
      ['cdx.json', 'spdx.json'].map((end) => readFile(`${path}.${end}`, 'utf8')),
    );
    for (const each of materials) assert.match(each, /"pkg:deb\/debian\/base-files@/);
    const stages = new Set(lines.flatMap((line) => /^ *\d+ % (.+)/.exec(line)?.[1] ?? []));
    assert.ok(stages.size >= 5, `stages: ${[...stages].join(', ')}`);
    assert.deepEqual(
      (await readdir(join(folder, 'out'))).filter((name) => name.endsWith('.part')),
      [],
    );
  });

  test('push a template again only when it has changed, and interrupted leave a cancelled ticket and no build', async () => {
    let interrupted = false;
    const args = ['--format', 'raw virtual disk'];
    const interrupt: Parameters<typeof start>[2] = (out, kill) => {
      if (interrupted || !/^ *[1-9]\d* % /m.test(out.slice(out.indexOf('Ticket ')))) return;
      interrupted = true;
      kill('SIGINT');
    };
    const { code, out, errors } = await generate(join(minimal, 'template.yml'), args, interrupt);
    assert.equal(code, 130, out + errors);
    assert.match(out, /The template minimal 1\.0 has not changed/);
    assert.match(errors, /has been cancelled on the server/);
    const image = await ticketOnServer(ticketIn(out));
    assert.equal(image.status?.cancelled, true);
    assert.equal(image.targetFormat?.name, 'Raw Virtual Disk', 'spelt as the server does');
    const itid = String(parseImageUri(ticketIn(out))?.itid);
    assert.ok(!(await workLeft(dataDir)).some((left) => left.split('/').includes(itid)));

    const template = join(minimal, 'template.yml');
    await writeFile(template, (await readFile(template, 'utf8')).replace('appliance\n', 'changed\n'));
    interrupted = false;
    const again = await generate(template, args, interrupt);
    assert.equal(again.code, 130, again.out + again.errors);
    assert.match(again.out, /The template minimal 1\.0 was imported/);
    assert.ok(
      Number((await ticketOnServer(ticketIn(again.out))).revision) > Number(image.revision),
      'the revision counts up',
    );
  });

  test('end with 1 and the reason when the generation fails', async () => {
    const template = join(minimal, 'template.yml');
    const text = (await readFile(template, 'utf8')).replace('name: minimal', 'name: broken');
    const broken = join(folder, 'broken.yml');
    await writeFile(
      broken,
      text.replace('profile: Minimal', 'profile: Minimal\n    pkgs: [{ name: no-such-package-anywhere }]'),
    );
    const { code, out, errors } = await generate(broken, ['--format', 'QCOW2', '--json']);
    assert.equal(code, 1, out + errors);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(events.at(-1)?.['event'], 'error');
    assert.equal(events.at(-1)?.['exitCode'], 1);
    assert.match(String(events.at(-1)?.['message']), /no-such-package-anywhere/);
  });

  test('outlive a forge that is killed in mid-build: it is started again, and says what became of the ticket', async () => {
    let killing: Promise<unknown> | undefined;
    const { code, out, errors } = await generate(
      join(minimal, 'template.yml'),
      ['--format', 'QCOW2'],
      (text) => {
        if (killing !== undefined || !/^ *[1-9]\d* % /m.test(text.slice(text.indexOf('Ticket ')))) return;
        killing = findForge(dataDir).then((forge) => process.kill(forge!.pid, 'SIGKILL'));
      },
    );
    await killing;
    assert.equal(code, 1, out + errors);
    assert.match(errors, /minimal 1\.0 for QCOW2 failed: \S/);
    assert.equal((await ticketOnServer(ticketIn(out))).status?.error, true);
  });

  test('end with 2 when the template asks for what can’t be built, and name it', async () => {
    const partitioned = join(folder, 'partitioned.yml');
    const text = await readFile(join(minimal, 'template.yml'), 'utf8');
    const partitioning = 'partitioning: { disks: [{ name: sda, size: 4096 }] }\n    rootUser:';
    await writeFile(
      partitioned,
      text.replace('name: minimal', 'name: partitioned').replace('rootUser:', partitioning),
    );
    const { code, errors } = await generate(partitioned, ['--format', 'QCOW2']);
    assert.equal(code, 2, errors);
    assert.match(errors, /partitioning/);
  });

  test('check a template for the forge, too: what it lacks, and what it does not build', async () => {
    const file = join(folder, 'on-server.yml');
    const text = await readFile(join(minimal, 'template.yml'), 'utf8');
    const wrong = '    pkgs: [{ name: nginxx }, { name: awk }, { name: default-mta }]\n';
    await writeFile(
      file,
      text
        .replace('profile: Minimal\n', `profile: Tiny\n${wrong}`)
        .replace('installation:\n', 'installation:\n    seLinuxMode: enforcing\n'),
    );
    const alone = await start(['check', file], ownForge());
    assert.deepEqual([alone.code, alone.out.includes('0 errors')], [0, true], alone.out);
    const { code, out } = await start(['check', '--on-server', file], ownForge());
    assert.equal(code, 2, out);
    assert.match(out, /seLinuxMode “enforcing”: Debian comes without SELinux/);
    assert.match(out, /has no profile “Tiny” on local forge/);
    assert.match(out, /has no package “nginxx” on local forge\. Did you mean “nginx”/);
    assert.match(
      out,
      /“awk” is no package by itself: name one of those that provide it: gawk, mawk, original-awk/,
    );
    assert.doesNotMatch(out, /default-mta/, 'only one provides that');
  });

  test('check a request for the forge, too: what it does not build of any template', async () => {
    const file = join(folder, 'on-server.xml');
    await writeFile(
      file,
      `<u:image xmlns:u="http://www.usharesoft.com/uforge"><compress>true</compress><targetFormat><name>QCOW2</name></targetFormat><installProfile><diskSize>100</diskSize><memorySize>512</memorySize></installProfile></u:image>`,
    );
    const alone = await start(['check', file], ownForge());
    assert.deepEqual([alone.code, alone.out.includes('0 errors')], [0, true], alone.out);
    const { code, out } = await start(['check', '--on-server', file], ownForge());
    assert.equal(code, 2, out);
    assert.match(out, /installProfile\.diskSize 100 MB: between 512 and 2097151 MB/);
  });

  test('end with 2 when the forge does not know the target format, and list those it knows', async () => {
    const { code, errors } = await generate(join(minimal, 'template.yml'), ['--format', 'Virtualbocks']);
    assert.equal(code, 2, errors);
    assert.match(errors, /Did you mean “VirtualBox”\? It has: .*QCOW2/);
  });
});
