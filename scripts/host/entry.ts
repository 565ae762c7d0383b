// Runs inside the extension host: VS Code imports it and calls `run()`.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { format, stripVTControlCharacters } from 'node:util';
import Mocha from 'mocha';
import type { Plan } from './plan.ts';
import type { ReportMessage } from './report.ts';

/** Runs the planned mocha files and reports over the socket. Rejects when that was not possible. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const plan = JSON.parse(await readFile(new URL('plan.json', import.meta.url), 'utf8')) as Plan;
  const socket = createConnection(plan.socket);
  await once(socket, 'connect');
  try {
    send(socket, await runMocha(plan, (text) => send(socket, { type: 'line', text })));
  } catch (error) {
    send(socket, {
      type: 'broken',
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    throw error;
  } finally {
    await new Promise<void>((resolve) => socket.end(resolve));
  }
}

async function runMocha(plan: Plan, print: (line: string) => void): Promise<ReportMessage & { type: 'end' }> {
  // Neither mocha nor its symbols know where the lines end up: colours are asked for, and taken out where
  // unwanted.
  Mocha.reporters.Base.useColors = plan.color ?? false;
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => {
    const text = format(...args);
    print(plan.color ? text : stripVTControlCharacters(text));
  };
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    slow: 5_000,
    ...(plan.grep ? { grep: plan.grep } : {}),
  });
  for (const file of plan.files) mocha.addFile(fileURLToPath(new URL(file, import.meta.url)));
  await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const runner = mocha.run((failed) => {
      const { passes, pending } = runner.stats ?? { passes: 0, pending: 0 };
      resolve({ type: 'end', passed: passes, failed, pending });
    });
  });
}

function send(socket: Socket, message: ReportMessage): void {
  socket.write(`${JSON.stringify(message)}\n`);
}
