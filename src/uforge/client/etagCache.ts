/** An answer the server may tell us is still good. */
export interface CachedAnswer {
  readonly etag: string;
  /** What was decoded; handed out again, the same object, for a 304. */
  readonly value: unknown;
}

/** The latest answers by resource; the ones not asked for longest are forgotten first. */
export class EtagCache {
  readonly #answers = new Map<string, CachedAnswer>();
  readonly #capacity: number;

  constructor(capacity = 256) {
    this.#capacity = capacity;
  }

  get(resource: string): CachedAnswer | undefined {
    const answer = this.#answers.get(resource);
    if (answer) {
      this.#answers.delete(resource);
      this.#answers.set(resource, answer);
    }
    return answer;
  }

  set(resource: string, answer: CachedAnswer): void {
    this.#answers.delete(resource);
    this.#answers.set(resource, answer);
    if (this.#answers.size > this.#capacity) {
      const [oldest] = this.#answers.keys();
      if (oldest !== undefined) this.#answers.delete(oldest);
    }
  }

  delete(resource: string): void {
    this.#answers.delete(resource);
  }
}
