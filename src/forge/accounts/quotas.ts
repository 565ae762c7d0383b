import type { Clock } from '../../uforge/clock.ts';
import { sentence, type Sentence } from '../../uforge/language/sentence.ts';
import { Refusal } from '../api/refusal.ts';
import { quotaTypes, type Limit, type QuotaType, type UsageStore } from '../store/usageStore.ts';
import type { UserStore } from '../store/userStore.ts';
import { currentMonth } from './quotaMonth.ts';

export interface Quota extends Limit {
  readonly type: QuotaType;
  /** Of the same, in use; it may be beyond the limit, when that was lowered. */
  readonly used: number;
  /** When a monthly one begins anew. */
  readonly renewal: Date | undefined;
}

const unlimited: Limit = { limit: -1, monthly: false };

export interface QuotasInit {
  readonly users: UserStore;
  readonly usage: UsageStore;
  readonly clock: Clock;
}

/** How much of what a user may have (userQuotas_get), and the door that stays shut beyond it. */
export class Quotas {
  readonly #init: QuotasInit;

  constructor(init: QuotasInit) {
    this.#init = init;
  }

  of(ownerId: number): Quota[] {
    return quotaTypes.map((type) => this.get(ownerId, type));
  }

  get(ownerId: number, type: QuotaType): Quota {
    const { users, usage, clock } = this.#init;
    const limit = usage.limit(ownerId, type) ?? unlimited;
    const created = users.get(ownerId)?.created ?? new Date(0);
    const month = limit.monthly ? currentMonth(created, new Date(clock.now())) : undefined;
    return { type, ...limit, used: this.#used(ownerId, type, month?.start), renewal: month?.end };
  }

  /**
   * Nothing of the kind may be added. @param adding how much is about to be: a number of things, or bytes
   * @throws {Refusal} 403 when that would be more than the user may have
   */
  check(ownerId: number, type: QuotaType, adding = 1): void {
    const problem = this.problem(ownerId, type, adding);
    if (problem === undefined) return;
    throw new Refusal('ERROR.QUOTA.EXCEEDED', problem, {
      parameters: [type, String(this.get(ownerId, type).limit)],
    });
  }

  /** As `check`: the sentence for a person, or undefined when there is room. */
  problem(ownerId: number, type: QuotaType, adding = 1): Sentence | undefined {
    const { limit, used, renewal } = this.get(ownerId, type);
    // What is still being made may yet succeed.
    const pending = type === 'generation' ? this.#init.usage.pending(ownerId) : 0;
    if (limit < 0 || used + pending + adding <= limit) return undefined;
    return exceeded[type](used, limit, pending, renewal);
  }

  #used(ownerId: number, type: QuotaType, since: Date | undefined): number {
    const { usage } = this.#init;
    switch (type) {
      case 'appliance':
        return usage.appliances(ownerId);
      case 'diskusage':
        return usage.bytes(ownerId);
      case 'generation':
        return usage.generations(ownerId, since ?? new Date(0));
      case 'scan':
        return 0;
    }
  }
}

type Exceeded = (used: number, limit: number, pending: number, renewal: Date | undefined) => Sentence;

const exceeded: Readonly<Record<QuotaType, Exceeded>> = {
  appliance: (used, limit) =>
    sentence`Your quota of appliances is used up (${used} of ${limit}). Delete one you don’t need.`,
  diskusage: (used, limit) =>
    sentence`Your disk quota does not suffice (${inGb(used)} of ${inGb(limit)} GB are used). Delete images you don’t need.`,
  generation: (used, limit, pending, renewal) => {
    const going = pending > 0 ? sentence`, and ${pending} going on` : '';
    const anew = renewal && sentence` It begins anew on ${renewal.toISOString().slice(0, 10)}.`;
    return sentence`Your quota of generations is used up (${used} of ${limit}${going}).${anew ?? ''}`;
  },
  scan: (_, limit) => sentence`Your quota of scans is used up (${limit}).`,
};

function inGb(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(2);
}
