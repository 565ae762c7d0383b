/** As many as an editor looks at in turn. */
const most = 3;

/** What was made of the last texts that were read: with every key an editor asks some ten times for the same. */
export class RecentTexts<T extends { readonly text: string }> {
  readonly #kept: T[] = [];

  /** Of the text that was read or asked for last. */
  get newest(): T | undefined {
    return this.#kept[0];
  }

  find(text: string): T | undefined {
    const index = this.#kept.findIndex((each) => each.text === text);
    if (index < 0) return undefined;
    const [found] = this.#kept.splice(index, 1);
    if (found !== undefined) this.#kept.unshift(found);
    return found;
  }

  keep(made: T): void {
    this.#kept.unshift(made);
    this.#kept.length = Math.min(this.#kept.length, most);
  }
}
