import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const isLinux = process.platform === 'linux';
const isWindows = process.platform === 'win32';

/** Ids of all processes, our own apart; none where there is no /proc. */
export const allPids = (): number[] =>
  isLinux
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
        .map(Number)
    : [];

/** A file of a process, or nothing when the process has ended or is not ours to read. */
export function readProc(pid: number, file: 'cmdline' | 'environ' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Whether a process of this group still runs. A zombie doesn't: some containers never clear them away. */
export function groupRuns(group: number): boolean {
  if (!isLinux) return isThere(isWindows ? group : -group);
  return allPids().some((pid) => {
    // pid (name) state parent group …; the name may hold spaces and parentheses.
    const [state, , pgrp] = readProc(pid, 'stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(pgrp) === group && state !== 'Z' && state !== 'X';
  });
}

/** Sends a signal to a process; it may have ended by now. */
export function sendTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has.
  }
}

/** Sends a signal to a group. Windows has no groups and no signals: there the tree of processes is ended. */
export function sendToGroup(group: number, signal: NodeJS.Signals): void {
  if (isWindows) spawnSync('taskkill', ['/pid', String(group), '/t', '/f'], { stdio: 'ignore' });
  else sendTo(-group, signal);
}

/** Whether there is such a process, or with a negative id such a group. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
