import type { Header, Pack } from 'tar-stream';

export type TarContent = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Writes one entry; its content has as many bytes as the header says. Resolves when all of it has been taken. */
export async function writeEntry(
  archive: Pack,
  header: Partial<Header> & Pick<Header, 'name'>,
  content: TarContent = [],
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const entry = archive.entry(header, (error) => (error ? reject(error) : resolve(undefined)));
  // Told by the callback, too.
  entry.on('error', () => undefined);
  promise.catch(() => undefined);
  for await (const chunk of content) {
    if (entry.destroying) break;
    if (!entry.write(chunk)) await drained(entry);
  }
  entry.end(undefined);
  await promise;
}

/** Resolves also when it never will be: whoever waits for the entry itself is told why. */
function drained(entry: ReturnType<Pack['entry']>): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      entry.off('drain', done);
      entry.off('close', done);
      resolve();
    };
    entry.on('drain', done);
    entry.on('close', done);
  });
}
