import { hash, randomBytes } from 'node:crypto';
import { sleep, type Clock } from '../../uforge/clock.ts';

/** How long wrong passwords make the next check wait, ms. */
interface Pace {
  /** So many wrong ones are a person who mistypes. */
  readonly free: number;
  /** For the first after those; doubled with each that follows. */
  readonly first: number;
  readonly longest: number;
}

const perLogin: Pace = { free: 3, first: 250, longest: 8000 };
/** Whoever tries one password with many logins. */
const perAddress: Pace = { free: 20, first: 50, longest: 1000 };

/** Wrong passwords are forgotten by and by: half of them in this time. */
const halfLifeMs = 60_000;
/** Logins and addresses whose wrong passwords are counted; those counted first are forgotten first. */
const capacity = 1000;
/** Requests that wait for their turn with one login, and with any, of one address. */
const queue = { perLogin: 8, perAddress: 64 } as const;

/** Who wants in, and from where. */
export interface Guesser {
  readonly login: string;
  readonly address: string;
}

/** So many wait already that another one may not. */
export class TooManyGuesses extends Error {
  override readonly name = 'TooManyGuesses';
}

/**
 * Slows guessing of passwords: the more of a login were wrong, the longer the next one waits before it is
 * checked, and those of one login wait for each other. Each address is slowed for itself, so that a stranger
 * can't keep the owner of a login out. Nothing is locked: the right one waits as long, and then it is right.
 * It counts with timers only, which no change of the computer's clock disturbs.
 */
export class Guesses implements Disposable {
  readonly #clock: Clock;
  /** By a digest of address and login, which may be as long as a header. */
  readonly #wrong = new Map<string, number>();
  readonly #wrongOf = new Map<string, number>();
  readonly #turns = new Map<string, { waiting: number; last: Promise<unknown> }>();
  /** By address. */
  readonly #waiting = new Map<string, number>();
  /** The same password for the same login asked at the same time is one guess. */
  readonly #asked = new Map<string, Promise<boolean>>();
  readonly #salt = randomBytes(32).toString('hex');
  #forgetting: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What `guess` says, in its turn. @throws {TooManyGuesses} */
  async check(who: Guesser, password: string, guess: () => Promise<boolean>): Promise<boolean> {
    const { login, address } = who;
    const key = hash('sha256', `${this.#salt}\n${address}\n${login.length}\n${login}${password}`);
    const known = this.#asked.get(key);
    if (known !== undefined) return await known;
    const asked = this.#next(who, guess).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return await asked;
  }

  async #next({ login, address }: Guesser, guess: () => Promise<boolean>): Promise<boolean> {
    const key = hash('sha256', `${address}\n${login}`);
    const turns = this.#turns.get(key) ?? { waiting: 0, last: Promise.resolve() };
    const waiting = this.#waiting.get(address) ?? 0;
    if (turns.waiting >= queue.perLogin || waiting >= queue.perAddress) throw new TooManyGuesses();
    this.#turns.set(key, turns);
    turns.waiting++;
    this.#waiting.set(address, waiting + 1);
    const turn = turns.last.then(() => this.#inTurn(key, address, guess));
    turns.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      const left = (this.#waiting.get(address) ?? 1) - 1;
      if (left === 0) this.#waiting.delete(address);
      else this.#waiting.set(address, left);
      if (--turns.waiting === 0) this.#turns.delete(key);
    }
  }

  async #inTurn(key: string, address: string, guess: () => Promise<boolean>): Promise<boolean> {
    const ofLogin = waitOf(this.#wrong.get(key) ?? 0, perLogin);
    const wait = Math.max(ofLogin, waitOf(this.#wrongOf.get(address) ?? 0, perAddress));
    if (wait > 0) await sleep(this.#clock, wait);
    const isRight = await guess();
    if (isRight) this.#wrong.delete(key);
    else {
      count(this.#wrong, key);
      count(this.#wrongOf, address);
      this.#forgetting ??= this.#clock.schedule(halfLifeMs, () => this.#forget());
    }
    return isRight;
  }

  #forget(): void {
    for (const wrong of [this.#wrong, this.#wrongOf]) {
      for (const [key, times] of wrong) {
        if (times > 1) wrong.set(key, Math.floor(times / 2));
        else wrong.delete(key);
      }
    }
    const isOver = this.#wrong.size + this.#wrongOf.size === 0;
    this.#forgetting = isOver ? undefined : this.#clock.schedule(halfLifeMs, () => this.#forget());
  }

  [Symbol.dispose](): void {
    this.#forgetting?.[Symbol.dispose]();
  }
}

function count(wrong: Map<string, number>, key: string): void {
  const before = wrong.get(key) ?? 0;
  wrong.delete(key);
  wrong.set(key, before + 1);
  const [oldest] = wrong.keys();
  if (wrong.size > capacity && oldest !== undefined) wrong.delete(oldest);
}

function waitOf(wrong: number, { free, first, longest }: Pace): number {
  return wrong < free ? 0 : Math.min(longest, first * 2 ** Math.min(wrong - free, 16));
}
