import { createHash } from 'node:crypto';
import { rmSync, watch, type FSWatcher } from 'node:fs';
import { mkdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Emitter } from '../../tickets/emitter.ts';
import type { PollLease } from '../../tickets/pollLease.ts';
import type { Clock } from '../../uforge/clock.ts';
import { createFirst } from './sharedFolder.ts';

const renewMs = 5_000;
/** A window that has not renewed its lease for so long has crashed or sleeps. */
const staleMs = 15_000;

/** A file per server in a folder all windows share: the window that made it asks the server. */
export class WindowLease implements PollLease, Disposable {
  readonly #folder: string;
  readonly #owner: string;
  readonly #clock: Clock;
  readonly #note: (error: unknown) => void;
  readonly #held = new Set<string>();
  readonly #released = new Emitter<void>();
  #renewal: Disposable | undefined;
  #watcher: FSWatcher | undefined;

  /** @param owner tells this window from the others */
  constructor(folder: string, owner: string, clock: Clock, note: (error: unknown) => void) {
    this.#folder = folder;
    this.#owner = owner;
    this.#clock = clock;
    this.#note = note;
  }

  onDidRelease(listener: () => void): Disposable {
    return this.#released.event(listener);
  }

  async hold(server: string): Promise<boolean> {
    try {
      return this.#held.has(server) || (await this.#claim(server));
    } catch (error) {
      // Asked twice is better than not at all.
      this.#note(error);
      return true;
    }
  }

  release(server: string): void {
    if (!this.#held.delete(server)) return;
    // At once, for the window may be closing.
    rmSync(this.#file(server), { force: true });
  }

  [Symbol.dispose](): void {
    for (const server of [...this.#held]) this.release(server);
    this.#renewal?.[Symbol.dispose]();
    this.#watcher?.close();
    this.#released[Symbol.dispose]();
  }

  async #claim(server: string): Promise<boolean> {
    await mkdir(this.#folder, { recursive: true });
    this.#listen();
    const file = this.#file(server);
    const age = await stat(file).then(
      ({ mtimeMs }) => this.#clock.now() - mtimeMs,
      () => Infinity,
    );
    if (age < staleMs) return false;
    if (age < Infinity) await rm(file, { force: true });
    if (!(await createFirst(file, this.#owner))) return false;
    const now = new Date(this.#clock.now());
    await utimes(file, now, now);
    this.#held.add(server);
    this.#renewal ??= this.#clock.schedule(renewMs, () => void this.#renew());
    return true;
  }

  /** Never rejects. */
  async #renew(): Promise<void> {
    for (const server of this.#held) {
      try {
        const file = this.#file(server);
        const now = new Date(this.#clock.now());
        // After a sleep another window may have taken over.
        if ((await readFile(file, 'utf8')) === this.#owner) await utimes(file, now, now);
        else this.#held.delete(server);
      } catch {
        this.#held.delete(server);
      }
    }
    this.#renewal =
      this.#held.size === 0 ? undefined : this.#clock.schedule(renewMs, () => void this.#renew());
  }

  #listen(): void {
    if (this.#watcher !== undefined) return;
    // Without word of a release the next look, some seconds later, finds out.
    this.#watcher = watch(this.#folder, { persistent: false }, (event) => {
      if (event === 'rename') this.#released.fire();
    });
    this.#watcher.on('error', this.#note);
  }

  #file(server: string): string {
    return join(this.#folder, createHash('sha256').update(server).digest('hex').slice(0, 32));
  }
}
