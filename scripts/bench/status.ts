import type { ChildProcess } from 'node:child_process';
import { load, type Load } from './httpLoad.ts';
import { best, type Row } from './report.ts';
import type { Servers } from './server.ts';

const rounds = 5;
const roundMs = 1500;

/** What is asked for, of the forge and of the bare handler. */
export function targetOf({ url, bareUrl, user, password }: Servers) {
  return {
    url: new URL(`${url}/users/${user}/images/status`),
    bareUrl: new URL(bareUrl),
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      accept: 'application/xml',
    },
  };
}

/** The status of 100 tickets, against a bare handler that sends the same bytes; then while a ticket moves. */
export async function benchStatus(servers: Servers, process: ChildProcess): Promise<Row[]> {
  const { url, bareUrl, headers } = targetOf(servers);
  await load(url, headers, roundMs);
  await load(bareUrl, headers, roundMs);
  const quiet: Load[] = [];
  const bare: Load[] = [];
  const busy: Load[] = [];
  // In turn, so that whatever else the computer does meets all of them.
  for (let round = 0; round < rounds; round++) {
    bare.push(await load(bareUrl, headers, roundMs));
    quiet.push(await load(url, headers, roundMs));
    process.send({ busy: true });
    busy.push(await load(url, headers, roundMs));
    process.send({ busy: false });
  }
  const anchor = best(bare);
  return [
    { what: 'status of 100 tickets', ours: best(quiet), anchor, aim: 0.2 },
    { what: 'status while a ticket moves', ours: best(busy), anchor, aim: 0.2 },
  ].map(({ what, ours, anchor: { rate, p99 }, aim }) => ({
    what,
    unit: 'requests/s',
    ours: ours.rate,
    anchorName: 'node:http',
    anchor: rate,
    aim,
    note: `p99 ${ours.p99.toFixed(1)} ms (${p99.toFixed(1)} ms), ${(ours.bytesPerAnswer / 1000).toFixed(0)} kB`,
  }));
}
