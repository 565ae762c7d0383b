/** What was made of the state of something, as long as that state has its revision. */
export class Remembered<T> {
  readonly #revisionNow: () => number | string;
  readonly #capacity: number;
  #revision: number | string | undefined;
  #made = new Map<string, T>();

  /** @param capacity how many are kept; the ones made first are forgotten first */
  constructor(revisionNow: () => number | string, capacity = 64) {
    this.#revisionNow = revisionNow;
    this.#capacity = capacity;
  }

  /** The same object again, or what `make` makes now. */
  async get(key: string, make: () => T | Promise<T>): Promise<T> {
    const revision = this.#revisionNow();
    if (revision !== this.#revision) {
      this.#made = new Map();
      this.#revision = revision;
    }
    const made = this.#made;
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = await make();
    // What was changed while it was made belongs to neither state.
    if (this.#revisionNow() === revision) {
      made.set(key, value);
      const [oldest] = made.keys();
      if (made.size > this.#capacity && oldest !== undefined) made.delete(oldest);
    }
    return value;
  }
}
