/**
 * Answers that depend on nothing but the database, until that has changed: an editor asks for the same status
 * again and again. Who asks is found out first, as for any other request.
 */
export class KeptAnswers<T> {
  readonly #revisionNow: () => number | string;
  readonly #capacity: number;
  #revision: number | string | undefined;
  readonly #kept = new Map<string, T>();

  /** @param capacity how many are kept; the ones made first are forgotten first */
  constructor(revisionNow: () => number | string, capacity = 64) {
    this.#revisionNow = revisionNow;
    this.#capacity = capacity;
  }

  /**
   * The same object again, or what `make` makes now. What changes while it is made belongs to neither state.
   */
  async get(key: string, make: () => T | Promise<T>): Promise<T> {
    const begunAt = this.#revisionNow();
    if (begunAt !== this.#revision) this.#kept.clear();
    this.#revision = begunAt;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = await make();
    if (this.#revision !== begunAt || this.#revisionNow() !== begunAt) return made;
    this.#kept.set(key, made);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#capacity && oldest !== undefined) this.#kept.delete(oldest);
    return made;
  }
}
