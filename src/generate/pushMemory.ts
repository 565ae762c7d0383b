import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../uforge/download/makeFolder.ts';
import type { PushedArchive, PushKey, PushMemory } from '../appliance/archive/push.ts';

/**
 * Remembers in a file what was pushed, for whoever pushes from this folder: windows, agents, the command line. A file
 * that is missing or broken means: nothing.
 */
export class PushMemoryFile implements PushMemory {
  readonly #path: string;
  /** What is being written: the next one begins with what it leaves. */
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async get(key: PushKey): Promise<PushedArchive | undefined> {
    return (await this.#read())[nameOf(key)];
  }

  async set(key: PushKey, pushed: PushedArchive): Promise<void> {
    const written = this.#writing.then(() => this.#write(key, pushed));
    this.#writing = written.catch(() => undefined);
    await written;
  }

  async #write(key: PushKey, pushed: PushedArchive): Promise<void> {
    const all = { ...(await this.#read()), [nameOf(key)]: pushed };
    await makeFolder(dirname(this.#path), 0o700);
    const fresh = `${this.#path}.${randomUUID()}`;
    await writeFile(fresh, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
    await rename(fresh, this.#path);
  }

  async #read(): Promise<Readonly<Record<string, PushedArchive>>> {
    try {
      const kept: unknown = JSON.parse(await readFile(this.#path, 'utf8'));
      const entries = Object.entries(typeof kept === 'object' && kept !== null ? kept : {});
      return Object.fromEntries(
        entries.filter((entry): entry is [string, PushedArchive] => isPushed(entry[1])),
      );
    } catch {
      return {};
    }
  }
}

/** An appliance on a server, in one string. */
export function nameOf({ server, name, version }: PushKey): string {
  return JSON.stringify([server, name, version]);
}

function isPushed(value: unknown): value is PushedArchive {
  const { digest, applianceUri } = (value ?? {}) as Partial<Record<keyof PushedArchive, unknown>>;
  return typeof digest === 'string' && typeof applianceUri === 'string';
}
