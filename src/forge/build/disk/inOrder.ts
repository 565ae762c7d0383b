/**
 * Starts `work` for the items of `source` with at most `width` under way, and yields the results in the order of the
 * items. That is how zlib's thread pool stays busy while one writer writes.
 */
export async function* inOrder<T, R>(
  source: Iterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  try {
    for (const item of source) {
      underWay.push(work(item));
      const first = underWay.length < width ? undefined : underWay.shift();
      if (first !== undefined) yield await first;
    }
    for (let first = underWay.shift(); first !== undefined; first = underWay.shift()) yield await first;
  } finally {
    // Whoever stops reading early must not leave a rejection nobody hears.
    await Promise.allSettled(underWay);
  }
}
