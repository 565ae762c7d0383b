import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Appliance } from '../uforge/dto.ts';
import { writeWhole } from '../uforge/writeWhole.ts';
import { inTurn } from './turn.ts';

/** What was pushed last from this computer: tells whether a template has changed since. */
export interface PushMemory {
  get(key: PushKey): Promise<PushedArchive | undefined>;
  set(key: PushKey, pushed: PushedArchive): Promise<void>;
  /** Does what reads an appliance's entry and then writes it when nobody else is doing so. */
  inTurn<T>(key: PushKey, push: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** `server` as tickets have it. */
export interface PushKey {
  readonly server: string;
  readonly name: string;
  readonly version: string;
}

export interface PushedArchive {
  /** `TemplateArchive.digest`. */
  readonly digest: string;
  /** Names of the keys that were left out of it. */
  readonly leftOut?: readonly string[];
  readonly applianceUri: string;
  /** What was last pulled of it, which a server writes in its own way: its digest and the revision that it had. */
  readonly pulled?: { readonly digest: string; readonly revision?: number };
}

/** Whether the appliance on the server is what was pushed from here or pulled to here, and not somebody else's. */
export function isOfPushed({ uri, revision }: Appliance, { applianceUri, pulled }: PushedArchive): boolean {
  if (uri?.replace(/^\/+/, '') !== applianceUri) return false;
  return pulled?.revision === undefined || revision === undefined || pulled.revision === revision;
}

/** Whether an archive of this digest says what was pushed or pulled. */
export function hasContent({ digest, pulled }: PushedArchive, of: string): boolean {
  return digest === of || pulled?.digest === of;
}

/**
 * Remembers in a file what was pushed, for whoever pushes from this folder: windows, agents, the command
 * line. A file that is missing or broken means: nothing.
 */
export class PushMemoryFile implements PushMemory {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async get(key: PushKey): Promise<PushedArchive | undefined> {
    return (await this.#read())[nameOf(key)];
  }

  set(key: PushKey, pushed: PushedArchive): Promise<void> {
    return inTurn(`${this.#path}.lock`, async () => {
      const all = { ...(await this.#read()), [nameOf(key)]: pushed };
      await writeWhole(this.#path, `${JSON.stringify(all, null, 2)}\n`);
    });
  }

  async inTurn<T>(key: PushKey, push: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const name = createHash('sha256').update(nameOf(key)).digest('hex').slice(0, 16);
    return inTurn(`${this.#path}.${name}.lock`, push, signal);
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
function nameOf({ server, name, version }: PushKey): string {
  return JSON.stringify([server, name, version]);
}

function isPushed(value: unknown): value is PushedArchive {
  const { digest, applianceUri } = (value ?? {}) as Partial<Record<keyof PushedArchive, unknown>>;
  return typeof digest === 'string' && typeof applianceUri === 'string';
}
