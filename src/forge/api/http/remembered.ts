/** What was made of the state of something, as long as that state has its revision. */
export class Remembered<T> {
  readonly #revisionNow: () => number | string;
  readonly #capacity: number;
  #revision: number | string | undefined;
  readonly #made = new Map<string, T>();

  /** @param capacity how many are kept; the ones made first are forgotten first */
  constructor(revisionNow: () => number | string, capacity = 64) {
    this.#revisionNow = revisionNow;
    this.#capacity = capacity;
  }

  /** What was kept under the key, if nothing has changed since it was begun. */
  find(key: string): T | undefined {
    this.#forget(this.#revisionNow());
    return this.#made.get(key);
  }

  /** Keeps what was begun at a revision. What was changed while it was made belongs to neither state. */
  keep(key: string, value: T, begunAt: number | string): void {
    const revision = this.#revisionNow();
    if (revision !== begunAt) return;
    this.#forget(revision);
    this.#made.set(key, value);
    const [oldest] = this.#made.keys();
    if (this.#made.size > this.#capacity && oldest !== undefined) this.#made.delete(oldest);
  }

  /** The same object again, or what `make` makes now. */
  async get(key: string, make: () => T | Promise<T>): Promise<T> {
    const known = this.find(key);
    if (known !== undefined) return known;
    const begunAt = this.#revisionNow();
    const value = await make();
    this.keep(key, value, begunAt);
    return value;
  }

  #forget(revision: number | string): void {
    if (revision === this.#revision) return;
    this.#made.clear();
    this.#revision = revision;
  }
}
