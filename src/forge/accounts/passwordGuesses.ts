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
const overall: Pace = { free: 20, first: 50, longest: 1000 };

/** Wrong passwords are forgotten by and by: half of them in this time. */
const halfLifeMs = 60_000;
/** Logins whose wrong passwords are counted; those counted first are forgotten first. */
const capacity = 1000;
/** Requests that wait for their turn with one login, and with any. */
const queue = { perLogin: 8, overall: 64 } as const;

/** So many wait already that another one may not. */
export class TooManyGuesses extends Error {
  override readonly name = 'TooManyGuesses';
}

/**
 * Slows guessing of passwords: the more of a login were wrong, the longer the next one waits before it is
 * checked, and those of one login wait for each other. Nothing is locked: the right one waits as long, and
 * then it is right. It counts with timers only, which no change of the computer's clock disturbs.
 */
export class Guesses implements Disposable {
  readonly #clock: Clock;
  /** By a digest of the login, which may be as long as a header. */
  readonly #wrong = new Map<string, number>();
  readonly #turns = new Map<string, { waiting: number; last: Promise<unknown> }>();
  /** The same password for the same login asked at the same time is one guess. */
  readonly #asked = new Map<string, Promise<boolean>>();
  readonly #salt = randomBytes(32).toString('hex');
  #wrongOverall = 0;
  #waiting = 0;
  #forgetting: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What `guess` says, in its turn. @throws {TooManyGuesses} */
  async check(login: string, password: string, guess: () => Promise<boolean>): Promise<boolean> {
    const key = hash('sha256', `${this.#salt}\n${login.length}\n${login}${password}`);
    const known = this.#asked.get(key);
    if (known !== undefined) return await known;
    const asked = this.#next(login, guess).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return await asked;
  }

  async #next(login: string, guess: () => Promise<boolean>): Promise<boolean> {
    const key = hash('sha256', login);
    const turns = this.#turns.get(key) ?? { waiting: 0, last: Promise.resolve() };
    if (turns.waiting >= queue.perLogin || this.#waiting >= queue.overall) throw new TooManyGuesses();
    this.#turns.set(key, turns);
    turns.waiting++;
    this.#waiting++;
    const turn = turns.last.then(() => this.#inTurn(key, guess));
    turns.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting--;
      if (--turns.waiting === 0) this.#turns.delete(key);
    }
  }

  async #inTurn(key: string, guess: () => Promise<boolean>): Promise<boolean> {
    const wait = Math.max(waitOf(this.#wrong.get(key) ?? 0, perLogin), waitOf(this.#wrongOverall, overall));
    if (wait > 0) await sleep(this.#clock, wait);
    const isRight = await guess();
    if (isRight) this.#wrong.delete(key);
    else this.#count(key);
    return isRight;
  }

  #count(key: string): void {
    const before = this.#wrong.get(key) ?? 0;
    this.#wrong.delete(key);
    this.#wrong.set(key, before + 1);
    const [oldest] = this.#wrong.keys();
    if (this.#wrong.size > capacity && oldest !== undefined) this.#wrong.delete(oldest);
    this.#wrongOverall++;
    this.#forgetting ??= this.#clock.schedule(halfLifeMs, () => this.#forget());
  }

  #forget(): void {
    for (const [key, count] of this.#wrong) {
      if (count > 1) this.#wrong.set(key, Math.floor(count / 2));
      else this.#wrong.delete(key);
    }
    this.#wrongOverall = Math.floor(this.#wrongOverall / 2);
    const isOver = this.#wrong.size === 0 && this.#wrongOverall === 0;
    this.#forgetting = isOver ? undefined : this.#clock.schedule(halfLifeMs, () => this.#forget());
  }

  [Symbol.dispose](): void {
    this.#forgetting?.[Symbol.dispose]();
  }
}

function waitOf(wrong: number, { free, first, longest }: Pace): number {
  return wrong < free ? 0 : Math.min(longest, first * 2 ** Math.min(wrong - free, 16));
}
