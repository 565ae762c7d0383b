import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import type { ImageFile } from './model.ts';

/** This computer, seen from QEMU's network. */
const here = '10.0.2.2';

export interface NetworkBoot extends AsyncDisposable {
  /** What TFTP serves, and the file in it that iPXE runs. */
  readonly folder: string;
  readonly file: string;
}

/**
 * Serves what an iPXE script of ours names, kernel, initial RAM disk and root: they are in `files/` beside it, or beside
 * it.
 * @param into the machine's folder
 */
export async function serveNetworkBoot(image: ImageFile, into: string): Promise<NetworkBoot> {
  const files = image.filesDir ?? (await filesBeside(image.path));
  const server = createServer((request, response) => {
    createReadStream(join(files, basename(request.url ?? '')))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const text = (await readFile(image.path, 'utf8')).replace(
    '#!ipxe\n',
    `#!ipxe\nset files http://${here}:${port}\n`,
  );
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
