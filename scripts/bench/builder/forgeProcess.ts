import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { packTemplate } from '../../../src/appliance/archive/packTemplate.ts';
import { push } from '../../../src/generate/push.ts';
import type { PushedArchive } from '../../../src/generate/pushMemory.ts';
import { basicAuthorizer } from '../../../src/uforge/authorizer.ts';
import { createClient, type UForgeClient } from '../../../src/uforge/client/client.ts';
import { systemClock } from '../../../src/uforge/clock.ts';
import type { Image } from '../../../src/uforge/dto.ts';
import { createUndiciTransport } from '../../../src/uforge/transport/undiciTransport.ts';
import { Failure } from '../../lib/interruption.ts';
import { root } from '../../lib/root.ts';
import { bundle } from '../../build.ts';

/** One image as a person gets it: from the request until the ticket is done. */
export interface Built {
  readonly seconds: number;
  /**
   * CPU seconds of the forge's own process meanwhile: its main thread, which is our code, and all of its
   * threads.
   */
  readonly mainThread: number;
  readonly allThreads: number;
  /** The stages' own times, from the ticket's log. */
  readonly stages: string;
}

/** A real forge in a process of its own, as it is in the package. */
export interface ForgeProcess extends AsyncDisposable {
  /** Pushes the template of a folder and builds an image of it. */
  build(templateFolder: string, image: Image): Promise<Built>;
  /** The most memory its process has had so far; bytes. */
  peakMemory(): number;
}

const tick = 100;

/** @param environment what it and its tools get besides ours */
export async function startForgeProcess(
  folder: string,
  cacheDir: string,
  environment: Readonly<Record<string, string>>,
): Promise<ForgeProcess> {
  const dist = join(folder, 'dist');
  await bundle({ minify: true, outdir: dist });
  const args = [join(dist, 'forge.js'), '--data', join(folder, 'data'), '--cache', cacheDir, '--builds', '1'];
  const env = { ...process.env, XDG_RUNTIME_DIR: join(folder, 'run'), ...environment };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(() => [undefined]),
  ])) as [string | undefined];
  if (line === undefined) throw new Failure('The forge to be measured has ended.');
  const { url, user, password } = JSON.parse(line) as { url: string; user: string; password: string };
  const transport = createUndiciTransport();
  const authorizer = basicAuthorizer(user, password);
  const client = createClient({ baseUrl: url, uid: user, authorizer, transport, clock: systemClock });
  const pushed = new Map<string, PushedArchive>();
  const pid = child.pid ?? 0;
  return {
    async build(templateFolder, image) {
      const archive = await packTemplate(join(templateFolder, 'template.yml'));
      const memory = {
        get: (key: object) => Promise.resolve(pushed.get(JSON.stringify(key))),
        set: (key: object, value: PushedArchive) =>
          Promise.resolve(void pushed.set(JSON.stringify(key), value)),
        inTurn: <T>(_key: object, work: () => Promise<T>) => work(),
      };
      const began = performance.now();
      const before = cpuSeconds(pid);
      const host = { mayReplace: () => true };
      const appliance = await push(archive, client, host, { server: url, memory, clock: systemClock });
      const aid = Number(appliance.uri.split('/').pop());
      const { uri = '' } = await client.machineImage_generate({ aid }, image);
      const itid = Number(uri.split('/').pop());
      await untilDone(client, aid, itid);
      const seconds = (performance.now() - began) / 1000;
      const after = cpuSeconds(pid);
      const log = await readFile(join(folder, `data/logs/${itid}.log`), 'utf8');
      await client.machineImage_delete({ aid, itid });
      return {
        seconds,
        mainThread: after.main - before.main,
        allThreads: after.all - before.all,
        stages: [...log.matchAll(/^-- (\w+)[^:]*: ([\d.]+) s --$/gm)]
          .map(([, title, time]) => `${title ?? ''} ${time ?? ''}`)
          .join(', '),
      };
    },
    peakMemory() {
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return Number(kilobytes) * 1024;
    },
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function untilDone(client: UForgeClient, aid: number, itid: number): Promise<void> {
  for (;;) {
    const status = await client.machineImageStatus_get({ aid, itid });
    if (status.error === true || status.cancelled === true) {
      throw new Failure(`The build failed: ${status.errorMessage ?? status.message ?? ''}`);
    }
    if (status.complete === true) return;
    await pause(tick);
  }
}

/** User and system time of a process's main thread and of all its threads, without those of its children. */
function cpuSeconds(pid: number): { main: number; all: number } {
  const of = (file: string): number => {
    const fields = readFileSync(file, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  };
  return { main: of(`/proc/${pid}/task/${pid}/stat`), all: of(`/proc/${pid}/stat`) };
}
