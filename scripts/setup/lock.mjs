// Two commands started at the same time in a fresh clone must not install into the same folder.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './paths.mjs';
import { say } from './error.mjs';

const file = join(root, '.cache/setup.lock');

/** Runs `work` while no other process of this clone is in it. */
export async function withLock(work) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  for (let waited = false; !take(); waited = true) {
    if (!waited) say('waiting for another set-up of this folder to finish');
    await sleep(250);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

function take() {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!ownerLives()) rmSync(file, { force: true });
    return false;
  }
}

function ownerLives() {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (!pid) return true; // just being written
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
