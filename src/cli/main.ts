#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../uforge/clock.ts';
import { dataDirOf } from './environment.ts';
import { exitCodes } from '../generate/exitCodes.ts';
import { Interrupted } from './failure.ts';
import { run } from './run.ts';

const interruption = new AbortController();
let interruptedAt = 0;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    // One Ctrl-C may arrive several times: from the terminal, from npm, and again when npm's shell has gone.
    // Only a person who presses it once more later can't wait for the ticket to be cancelled.
    if (!interruption.signal.aborted) interruptedAt = Date.now();
    else if (name === 'SIGINT' && Date.now() - interruptedAt > 1500) process.exit(exitCodes.interrupted);
    interruption.abort(new Interrupted());
  });
}
// Whoever read our output may go before us: that is no reason to leave a ticket running unseen.
process.stdout.on('error', () => interruption.abort(new Interrupted()));

/** Beside the bundle; when run from source, the source. */
function forgeScript(): string {
  const bundled = fileURLToPath(new URL('forge.js', import.meta.url));
  return existsSync(bundled) ? bundled : fileURLToPath(new URL('../forge/process/main.ts', import.meta.url));
}

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  out: process.stdout,
  errors: process.stderr,
  keyboard: process.stdin,
  clock: systemClock,
  forgeScript: forgeScript(),
  dataDir: dataDirOf(process.env),
  signal: interruption.signal,
});
