import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/lib/root.ts';

export interface DockerRegistry extends AsyncDisposable {
  readonly port: number;
  /** What has come of uploads that have not ended. */
  uploads(): Promise<string[]>;
}

/**
 * Debian's program, taken out of its package: to install that would start a registry for everybody on port 5000.
 */
async function program(): Promise<string> {
  const folder = join(root, '.cache/docker-registry');
  const found = join(folder, 'usr/bin/docker-registry');
  if (existsSync(found)) return found;
  await mkdir(join(root, '.cache'), { recursive: true });
  const fresh = await mkdtemp(join(root, '.cache/docker-registry-'));
  await promisify(execFile)('apt-get', ['download', '-q', 'docker-registry'], { cwd: fresh });
  const [deb = ''] = await readdir(fresh);
  await promisify(execFile)('dpkg-deb', ['--extract', join(fresh, deb), fresh]);
  await rename(fresh, folder).catch(() => undefined); // another test was first
  await rm(fresh, { recursive: true, force: true });
  return found;
}

/** @param auth lines of its configuration that say who may do what */
export async function startDockerRegistry(
  auth: (folder: string) => Promise<string>,
): Promise<DockerRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'docker-registry-'));
  const store = join(folder, 'store');
  const config = `version: 0.1
log: { level: info, formatter: json }
storage: { filesystem: { rootdirectory: ${store} }, delete: { enabled: true } }
http: { addr: '127.0.0.1:0' }
${await auth(folder)}`;
  await writeFile(join(folder, 'config.yml'), config);
  const child = spawn(await program(), ['serve', join(folder, 'config.yml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const port = Promise.withResolvers<number>();
  createInterface(child.stderr).on('line', (line) => {
    const found = /listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (found !== undefined) port.resolve(Number(found));
  });
  child.once('exit', (code) => port.reject(new Error(`docker-registry ended with ${code ?? 'a signal'}`)));
  return {
    port: await port.promise,
    async uploads() {
      const names = await readdir(store, { recursive: true }).catch(() => []);
      return names.filter((name) => /\/_uploads\/[^/]+\/data$/.test(name));
    },
    async [Symbol.asyncDispose]() {
      port.promise.catch(() => undefined);
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
