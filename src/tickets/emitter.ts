/** Calls the listener for every event until disposed. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** The source of an event. A listener that throws does not keep the others from hearing. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<{ readonly listener: (value: T) => void }>();

  readonly event: Event<T> = (listener) => {
    // An entry of its own, so that the same function may listen twice.
    const entry = { listener };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  };

  /** @throws what a listener threw, after all have heard */
  fire(value: T): void {
    const failures: unknown[] = [];
    for (const { listener } of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length === 1) throw failures[0] as Error;
    if (failures.length > 1) throw new AggregateError(failures, 'Several listeners failed.');
  }

  [Symbol.dispose](): void {
    this.#listeners.clear();
  }
}
