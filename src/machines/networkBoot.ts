import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { ImageFile } from './model.ts';

/** This computer, seen from QEMU's network. */
const here = '10.0.2.2';

export interface NetworkBoot extends AsyncDisposable {
  /** What TFTP serves, and the file in it that iPXE runs. */
  readonly folder: string;
  readonly file: string;
}

/** What a script of ours loads. */
const fileNames = /\$\{files\}\/(\w[\w.-]*)/g;

/**
 * Serves what an iPXE script of ours names, kernel, initial RAM disk and root: they are in `files/` beside it, or beside
 * it. Nothing else: beside it may be whatever a person has in a folder, and every program of this computer may ask.
 * @param into the machine's folder
 */
export async function serveNetworkBoot(image: ImageFile, into: string): Promise<NetworkBoot> {
  const files = image.filesDir ?? (await filesBeside(image.path));
  const script = await readFile(image.path, 'utf8');
  const served = new Set(Array.from(script.matchAll(fileNames), ([, name = '']) => name));
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    if (!served.has(name)) {
      response.writeHead(404).end();
      return;
    }
    createReadStream(join(files, name))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const text = script.replace('#!ipxe\n', `#!ipxe\nset files http://${here}:${port}\n`);
  await writeFile(join(into, 'boot.ipxe'), text);
  return {
    ...{ folder: into, file: 'boot.ipxe' },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function filesBeside(script: string): Promise<string> {
  const beside = dirname(script);
  const files = join(beside, 'files');
  return (await stat(files).catch(() => undefined))?.isDirectory() === true ? files : beside;
}
