import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { wipe } from '../../builder/index.ts';
import type { DataFolder } from '../process/paths.ts';
import type { ApplianceRecord, ApplianceStore } from '../store/applianceStore.ts';
import type { TicketStore } from '../store/ticketStore.ts';

export interface RevisionsInit {
  readonly data: DataFolder;
  readonly appliances: ApplianceStore;
  readonly tickets: Pick<TicketStore, 'ofAppliance'>;
  readonly onError: (error: unknown) => void;
}

type Revision = Pick<ApplianceRecord, 'id' | 'revision'>;

/**
 * The unpacked archives of the appliances. An older revision is kept as long as something is built from it:
 * an unfinished ticket, or a request that is being checked.
 */
export class Revisions {
  readonly #init: RevisionsInit;
  readonly #held: Revision[] = [];

  constructor(init: RevisionsInit) {
    this.#init = init;
  }

  /** Moves an unpacked archive to its place. What lies there was left by a forge that was killed. */
  store({ id, revision }: Revision, folder: string): void {
    const target = this.#init.data.appliance(id, revision);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
  }

  /** Keeps a revision until the result is disposed of. */
  hold({ id, revision }: Revision): Disposable {
    const held = { id, revision };
    this.#held.push(held);
    return { [Symbol.dispose]: () => void this.#held.splice(this.#held.indexOf(held), 1) };
  }

  /** Removes what nothing is built from any more, of all appliances. */
  async pruneAll(): Promise<void> {
    for (const name of await readdir(this.#init.data.appliances)) await this.prune(Number(name));
  }

  /**
   * Removes revisions of before from which nothing is built any more. What can't be removed is tried again at
   * the next start; what the database does not know stays.
   */
  async prune(id: number): Promise<void> {
    const current = this.#init.appliances.get(id)?.revision;
    if (current === undefined) return;
    const folder = join(this.#init.data.appliances, String(id));
    try {
      for (const name of await readdir(folder).catch(() => [])) {
        const revision = Number(name);
        if (revision < current && !this.#isNeeded({ id, revision })) await wipe(join(folder, name));
      }
    } catch (error) {
      this.#init.onError(error);
    }
  }

  #isNeeded({ id, revision }: Revision): boolean {
    const { tickets } = this.#init;
    return (
      this.#held.some((held) => held.id === id && held.revision === revision) ||
      tickets
        .ofAppliance(id)
        .some((ticket) => ticket.revision === revision && ['waiting', 'running'].includes(ticket.state))
    );
  }
}
