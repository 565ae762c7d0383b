import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import type { Image } from '../../../src/uforge/dto.ts';
import { exampleTemplate, startBuild, temporaryFolder } from '../../support/builds.ts';
import { boot } from '../../support/boot.ts';

const run = promisify(execFile);

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

test(
  'examples/nginx becomes an OVA that runs on what VirtualBox gives a machine',
  { timeout: 900_000 },
  async (t) => {
    await using folder = await temporaryFolder();
    const example = await exampleTemplate('nginx');
    const text = await readFile(join(example.filesDir, 'representation.xml'), 'utf8');
    const parsed = parseRepresentation(text);
    assert.equal(parsed.root, 'image');
    const { artifact } = await startBuild(folder.path, example, parsed.dto as Image);
    const image = await artifact;
    assert.equal(image.fileExtension, 'ova');
    assert.equal(image.sha256, await sha256Of(image.path));

    const unpacked = join(folder.path, 'ova');
    await mkdir(unpacked);
    await run('tar', ['-xf', image.path, '-C', unpacked]);
    const names = (await run('tar', ['-tf', image.path])).stdout.trim().split('\n');
    const base = 'nginx_1.0rev1_vbox';
    const disk = join(unpacked, `${base}-disk1.vmdk`);

    await t.test('the descriptor comes first', () => {
      assert.deepEqual(names, [`${base}.ovf`, `${base}-disk1.vmdk`, `${base}.mf`]);
    });

    await t.test('it is a plain ustar archive', async () => {
      const magic = await readFirst(image.path, 265);
      assert.equal(magic.subarray(257, 262).toString('latin1'), 'ustar');
    });

    await t.test('the manifest has the right hashes', async () => {
      const manifest = await readFile(join(unpacked, `${base}.mf`), 'utf8');
      const lines = manifest.trim().split('\n');
      assert.equal(lines.length, 2);
      for (const line of lines) {
        const [, name, hash] = /^SHA256 \((.+)\) = ([0-9a-f]{64})$/.exec(line) ?? [];
        assert.ok(name !== undefined, line);
        assert.equal(await sha256Of(join(unpacked, name)), hash, name);
      }
    });

    await t.test('the descriptor is well-formed and has the memory asked for', async () => {
      const ovf = join(unpacked, `${base}.ovf`);
      await run('xmllint', ['--noout', ovf]);
      const value = await run('xmllint', [
        '--xpath',
        "string(//*[local-name()='Item'][*[local-name()='ResourceType']=4]/*[local-name()='VirtualQuantity'])",
        ovf,
      ]);
      assert.equal(value.stdout.trim(), '512');
    });

    await t.test('the disk is sound', async () => {
      await run('qemu-img', ['check', disk]);
      const info = JSON.parse((await run('qemu-img', ['info', '--output=json', disk])).stdout) as {
        'virtual-size': number;
        'format-specific': { data: { 'create-type': string } };
      };
      assert.equal(info['virtual-size'], 8192 * 2 ** 20);
      assert.equal(info['format-specific'].data['create-type'], 'streamOptimized');
    });

    await t.test('it boots from an AHCI disk with an e1000 card and runs its first-boot script', async () => {
      const nginx = image.packages.find((pkg) => pkg.name === 'nginx');
      assert.ok(nginx !== undefined);
      const booted = await boot(
        { path: image.path, targetFormat: 'VirtualBox', memoryMb: 512 },
        // The end of the line is waited for: the console comes in pieces.
        [/APPLIANCE-READY nginx \d\S*\s/],
        { timeoutMs: 480_000 },
      );
      const version = /APPLIANCE-READY nginx (\S+)/.exec(booted.console)?.[1];
      assert.equal(version, [nginx.version, nginx.release].filter(Boolean).join('-'));
      assert.doesNotMatch(booted.console, /\[FAILED\]/);
    });
  },
);

async function readFirst(path: string, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: length - 1 })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
