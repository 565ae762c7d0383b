import { createHash } from 'node:crypto';
import { rmSync, watch, type FSWatcher } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Emitter } from '../../tickets/emitter.ts';
import type { PollLease } from '../../tickets/pollLease.ts';
import type { Clock } from '../../uforge/clock.ts';
import { renewFile, renewMs, takeFile } from '../../uforge/heldFile.ts';

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
    if (!(await takeFile(this.#file(server), this.#owner, this.#clock.now()))) return false;
    this.#held.add(server);
    this.#renewal ??= this.#clock.schedule(renewMs, () => void this.#renew());
    return true;
  }

  /** Never rejects. */
  async #renew(): Promise<void> {
    for (const server of this.#held) {
      if (!(await renewFile(this.#file(server), this.#owner, this.#clock.now()))) this.#held.delete(server);
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
