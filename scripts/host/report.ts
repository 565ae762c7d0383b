import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** What the tests inside the editor send: their output line by line, and at the end how they went. */
export type ReportMessage =
  | { type: 'line'; text: string }
  | { type: 'end'; passed: number; failed: number; pending: number }
  /** The tests could not be loaded or the runner broke. */
  | { type: 'broken'; error: string };

/** What came over the socket so far. */
export interface Report extends AsyncDisposable {
  /** The last word of the tests; undefined as long as they have not settled. */
  outcome: Exclude<ReportMessage, { type: 'line' }> | undefined;
}

/**
 * Listens for the tests on a Unix socket. VS Code reports success when its extension host dies under the
 * tests; so only what the tests themselves say at their end counts.
 */
export async function listenForReport(socketPath: string, print: (line: string) => void): Promise<Report> {
  const report: Report = {
    outcome: undefined,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const server = createServer((socket) => {
    createInterface({ input: socket }).on('line', (text) => {
      const message = JSON.parse(text) as ReportMessage;
      if (message.type === 'line') print(message.text);
      else report.outcome = message;
    });
    socket.on('error', () => undefined); // the extension host died: there will be no outcome
    server.once('close', () => socket.destroy());
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return report;
}
