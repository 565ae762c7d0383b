import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const bin = process.env['PLATFORM_SERVERS'] ?? '';
assert.notEqual(bin, '', 'run this with `npm run test:platforms`');

/** A server of a platform in a process of its own. */
export interface PlatformServer extends AsyncDisposable {
  /** The line it wrote when it was ready. */
  readonly line: string;
  /** Where it keeps everything. */
  readonly folder: string;
}

/** @param ready what it writes to one of its outputs when it is */
async function start(
  program: string,
  args: (folder: string) => string[],
  ready: RegExp,
): Promise<PlatformServer> {
  const folder = await mkdtemp(join(tmpdir(), 'platform-'));
  const child = spawn(join(bin, program), args(folder), { cwd: folder, stdio: 'pipe' });
  let said = '';
  const found = Promise.withResolvers<string>();
  for (const output of [child.stdout, child.stderr]) {
    createInterface(output).on('line', (line) => {
      said += `${line}\n`;
      if (ready.test(line)) found.resolve(line);
    });
  }
  child.once('exit', () => found.reject(new Error(`${program} ended: ${said}`)));
  const line = await found.promise;
  return {
    line,
    folder,
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.stdin.end();
      if (program !== 'python') child.kill();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Keystone and Glance: `keystone_and_glance.py` beside this file says who is who there. */
export async function startOpenStack(): Promise<
  PlatformServer & { readonly keystone: string; readonly glance: string }
> {
  const script = fileURLToPath(new URL('keystone_and_glance.py', import.meta.url));
  const server = await start('python', (folder) => [script, folder], /^\{.*\}$/);
  return { ...server, ...(JSON.parse(server.line) as { keystone: string; glance: string }) };
}

/** AWS as moto plays it. */
export async function startMoto(): Promise<PlatformServer & { readonly url: string }> {
  const server = await start('moto_server', () => ['-H', '127.0.0.1', '-p', '0'], /Running on/);
  return { ...server, url: /http:\/\/127\.0\.0\.1:\d+/.exec(server.line)?.[0] ?? '' };
}
