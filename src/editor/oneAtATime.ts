/**
 * The work as a function that never runs twice at once. Who asks while it runs gets a later run, which sees what they
 * have seen; all of them share it.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    if (running === undefined) return (running = work().finally(() => (running = undefined)));
    return (next ??= running.then(again, again));
  };
  const again = (): Promise<void> => {
    next = undefined;
    return start();
  };
  return start;
}
