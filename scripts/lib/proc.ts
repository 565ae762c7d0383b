import { readFileSync, readdirSync } from 'node:fs';

/** Ids of all processes, our own apart. */
export const allPids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number);

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
  return allPids().some((pid) => {
    // pid (name) state parent group …; the name may hold spaces and parentheses.
    const [state, , pgrp] = readProc(pid, 'stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(pgrp) === group && state !== 'Z' && state !== 'X';
  });
}

/** Sends a signal to a process, or with a negative id to a group; it may have ended by now. */
export function sendTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has.
  }
}
