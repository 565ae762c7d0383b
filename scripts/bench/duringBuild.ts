import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { load, type Load } from './httpLoad.ts';
import { best, type Row } from './report.ts';
import type { Servers } from './server.ts';
import { targetOf } from './status.ts';

const roundMs = 700;
const calmMs = 1500;
/** As often as a few windows that watch ask, ms. */
const calmEveryMs = 20;

/** What a person would notice of a server that stands still, ms. */
const loopAtMost = 50;

/**
 * The same status while the forge really builds an image: how many requests a second, against the bare
 * handler that shares the computer with the build, too; and how long the event loop and a request now and
 * then have to wait, against the same when nothing is built.
 */
export async function benchDuringBuild(servers: Servers, process: ChildProcess): Promise<Row[]> {
  const { url, bareUrl, headers } = targetOf(servers);
  const idle = await calm(process, url, headers);
  const built = ended(process);
  process.send({ build: true });
  const seen = { bare: [] as Load[], ours: [] as Load[], loop: [] as number[], waits: [] as number[] };
  while (!built.is || seen.ours.length === 0) {
    seen.bare.push(await load(bareUrl, headers, roundMs));
    seen.ours.push(await load(url, headers, roundMs));
    const { loop, waits } = await calm(process, url, headers);
    seen.loop.push(loop);
    seen.waits.push(...waits);
  }
  const [ours, bare] = [best(seen.ours), best(seen.bare)];
  const rounds = `${seen.ours.length} rounds in ${built.seconds.toFixed(0)} s of a build`;
  return [
    {
      what: 'status while an image is built',
      unit: 'requests/s',
      ours: ours.rate,
      anchorName: 'node:http meanwhile',
      anchor: bare.rate,
      aim: 0.2,
      note: `p99 ${ours.p99.toFixed(1)} ms (${bare.p99.toFixed(1)} ms), ${rounds}`,
    },
    {
      what: 'event loop while an image is built, p99',
      unit: 'ms',
      ours: middle(seen.loop),
      anchorName: 'nothing built',
      anchor: idle.loop,
      atMost: loopAtMost,
      note: `worst round ${Math.max(...seen.loop).toFixed(0)} ms; a request now and then: p99 ${p99(seen.waits).toFixed(1)} ms (${p99(idle.waits).toFixed(1)} ms)`,
    },
  ];
}

/**
 * Some requests now and then: how long each took, ms, and the event loop's delay at the server meanwhile, p99
 * in ms.
 */
async function calm(
  process: ChildProcess,
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly loop: number; readonly waits: readonly number[] }> {
  using agent = keptAlive();
  process.send({ loop: 'begin' });
  const waits: number[] = [];
  const end = performance.now() + calmMs;
  while (performance.now() < end) {
    const started = performance.now();
    const [response] = (await once(get(url, { headers: { ...headers }, agent }), 'response')) as [
      IncomingMessage,
    ];
    await once(response.resume(), 'end');
    waits.push(performance.now() - started);
    await pause(calmEveryMs);
  }
  process.send({ loop: 'end' });
  for (;;) {
    const [{ loop }] = (await once(process, 'message')) as [{ loop?: number }];
    if (loop !== undefined) return { loop, waits };
  }
}

function keptAlive(): Agent & Disposable {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const end = (): void => {
    agent.destroy();
  };
  return Object.assign(agent, { [Symbol.dispose]: end });
}

/** Becomes true when the build has ended, and says how long it took. */
function ended(process: ChildProcess): { is: boolean; seconds: number } {
  const state = { is: false, seconds: 0 };
  const hear = ({ built }: { built?: number }): void => {
    if (built === undefined) return;
    Object.assign(state, { is: true, seconds: built });
    process.off('message', hear);
  };
  process.on('message', hear);
  return state;
}

/** What half of the rounds stayed below: one that met something else on the computer says nothing of us. */
function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function p99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? NaN;
}
