import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks a person, without an echo. Resolves with undefined when they gave no answer (Ctrl-D). */
export type Ask = (question: string) => Promise<string | undefined>;

/** Asks at the terminal; undefined when there is none. Ctrl-C ends the process as it does anywhere. */
export function terminalAsk(): Ask | undefined {
  if (!process.stdin.isTTY) return undefined;
  return async (question) => {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
    // Only now that nothing is shown any more: some type as soon as they are asked.
    process.stderr.write(question);
    lines.on('SIGINT', () => {
      process.stderr.write('\n');
      process.kill(process.pid, 'SIGINT');
    });
    try {
      return await lines.question('');
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return undefined;
      throw error;
    } finally {
      lines.close();
      process.stderr.write('\n');
    }
  };
}
