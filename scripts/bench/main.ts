// `npm run bench [status|busy|codec|download|poller|activation|build|start|language]`: our speed against something
// known on the same computer.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, runMain } from '../lib/interruption.ts';
import { benchActivation } from './activation.ts';
import { benchBuild } from './builder/buildTimes.ts';
import { benchCodec } from './codec.ts';
import { benchDownload } from './download.ts';
import { benchLanguage } from './language.ts';
import { benchPoller } from './poller.ts';
import { tableOf, type Row } from './report.ts';
import type { Servers } from './server.ts';
import { benchStart } from './start.ts';
import { benchStatus } from './status.ts';
import { benchDuringBuild } from './duringBuild.ts';

const withoutServers = ['codec', 'activation', 'build', 'start', 'language'];
const known = ['status', 'busy', 'download', 'poller', ...withoutServers];

await runMain(async (args, signal) => {
  const strange = args.find((arg) => !known.includes(arg));
  if (strange !== undefined) throw new Failure(`There is no bench “${strange}”, only ${known.join(', ')}.`);
  const wanted = args.length > 0 ? args : known;
  const rows: Row[] = [];
  if (wanted.includes('language')) rows.push(...(await benchLanguage()));
  if (wanted.includes('codec')) rows.push(...(await benchCodec()));
  if (wanted.includes('activation')) rows.push(...(await benchActivation(signal)));
  if (wanted.includes('build')) rows.push(...(await benchBuild(signal)));
  if (wanted.includes('start')) rows.push(...(await benchStart(signal)));
  if (wanted.some((name) => !withoutServers.includes(name))) {
    const directory = await mkdtemp(join(tmpdir(), 'appliance-forge-bench-'));
    const child = fork(join(import.meta.dirname, 'server.ts'), [directory]);
    const end = (): void => void child.kill();
    signal.addEventListener('abort', end);
    try {
      const gone = once(child, 'exit').then(() => {
        throw new Failure('The servers to be measured have ended.');
      });
      gone.catch(() => undefined);
      const measure = async (): Promise<void> => {
        const [servers] = (await once(child, 'message')) as [Servers];
        if (wanted.includes('status')) rows.push(...(await benchStatus(servers, child)));
        if (wanted.includes('busy')) rows.push(...(await benchDuringBuild(servers, child)));
        if (wanted.includes('download')) rows.push(...(await benchDownload(servers, directory)));
        if (wanted.includes('poller')) rows.push(...(await benchPoller(servers, child)));
      };
      await Promise.race([measure(), gone]);
    } finally {
      signal.removeEventListener('abort', end);
      child.kill();
      await rm(directory, { recursive: true, force: true });
    }
  }
  console.log(tableOf(rows));
  return 0;
});
