import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { allPids, readProc, sendTo } from './processes.ts';

/** A process that outlived what started it. */
export interface Leftover {
  pid: number;
  command: string;
}

const variable = 'APPLIANCE_FORGE_STARTED_BY';

/**
 * Marks what we start through its environment, which children inherit even when they leave the process group
 * (the local forge does, by design). What bears the mark can be found and ended by its id, and nothing else
 * is touched.
 */
export class Mark {
  readonly env: Record<string, string> = { [variable]: randomUUID() };

  /** Processes with this mark that still live. */
  find(): Leftover[] {
    const entry = `${variable}=${this.env[variable] ?? ''}`;
    return allPids()
      .filter((pid) => readProc(pid, 'environ').split('\0').includes(entry))
      .map((pid) => ({ pid, command: readProc(pid, 'cmdline').replaceAll('\0', ' ').trim() }));
  }

  /** Gives them `patience` ms to end by themselves, then ends them; returns those that had to be ended. */
  async clear(patience = 0): Promise<Leftover[]> {
    for (let waited = 0; waited < patience && this.find().length > 0; waited += 100) await sleep(100);
    const late = this.find();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      for (const { pid } of this.find()) sendTo(pid, signal);
      for (let waited = 0; waited < 5000 && this.find().length > 0; waited += 100) await sleep(100);
    }
    return late;
  }
}
