// Runs our own code under our own Node, whatever Node started npm.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { findNode } from './setup/ourNode.mjs';
import { root } from './setup/paths.mjs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs one command to its end and returns its exit code. */
export async function runUnderOurNode(command, args) {
  const node = findNode();
  const first = command.first ?? [];
  if (command.script) return run(node, [join(root, 'scripts', command.script), ...first, ...args], root);
  const built = await run(node, [join(root, 'scripts/build.ts')], root);
  if (built !== 0) return built;
  const where = process.env.INIT_CWD ?? root; // npm moves to the package's folder; FILE is relative to the user's
  return run(node, [join(root, 'dist', command.bundle), ...first, ...args], where);
}

/**
 * The child has a process group of its own: a terminal's Ctrl-C reaches it once, through us, and not a second
 * and third time from the terminal and from npm. The IPC channel tells our scripts when we are killed
 * outright. On Windows a detached process would get a console window of its own.
 */
function run(node, argv, cwd) {
  const detached = process.platform !== 'win32';
  const child = spawn(node, argv, { cwd, detached, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  let last = 0;
  const forward = (signal) => {
    if (signal === 'SIGINT' && Date.now() - last < 500) return;
    last = Date.now();
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  const orphaned = whenOrphaned(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const each of signals) process.off(each, forward);
      clearInterval(orphaned);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/**
 * npm runs us through `sh`, which dies of a signal without passing it on: losing that parent means “stop”.
 */
function whenOrphaned(stop) {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, 500);
  return timer;
}
