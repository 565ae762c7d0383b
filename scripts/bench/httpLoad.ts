import { connect } from 'node:net';

export interface Load {
  /** Requests per second. */
  readonly rate: number;
  /** Milliseconds that 99 of 100 answers stayed below. */
  readonly p99: number;
  readonly bytesPerAnswer: number;
}

/**
 * Asks for the same thing again and again over some connections that stay open, one request at a time on
 * each. Bare sockets, so that the server is what is measured and not a client. Throws for an answer that is
 * not 200.
 */
export async function load(url: URL, headers: Readonly<Record<string, string>>, ms: number): Promise<Load> {
  const lines = Object.entries({ host: url.host, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const request = `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`;
  const times: number[] = [];
  const started = performance.now();
  const sizes = await Promise.all(Array.from({ length: 8 }, () => ask(url, request, started + ms, times)));
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  return {
    rate: times.length / seconds,
    p99: times[Math.floor(times.length * 0.99)] ?? NaN,
    bytesPerAnswer: sizes[0] ?? 0,
  };
}

/** One connection until `end`. Resolves with the size of an answer's body. */
function ask(url: URL, request: string, end: number, times: number[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    let sent = 0;
    let head = '';
    let length = 0;
    let left = -1;
    const next = (): void => {
      head = '';
      left = -1;
      sent = performance.now();
      socket.write(request);
    };
    socket.on('connect', next);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${url.host} closed the connection.`)));
    socket.on('data', (chunk: Buffer) => {
      let rest = chunk.byteLength;
      if (left < 0) {
        const before = head.length;
        head += chunk.toString('latin1');
        const at = head.indexOf('\r\n\r\n');
        if (at < 0) return;
        if (!head.startsWith('HTTP/1.1 200')) {
          socket.destroy();
          reject(new Error(`${url.href} answered ${head.slice(0, 40)}`));
          return;
        }
        length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
        rest = before + chunk.byteLength - (at + 4);
        left = length;
      }
      left -= rest;
      if (left > 0) return;
      const now = performance.now();
      times.push(now - sent);
      if (now < end) next();
      else {
        socket.removeAllListeners('close').destroy();
        resolve(length);
      }
    });
  });
}
