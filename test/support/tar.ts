import { buffer } from 'node:stream/consumers';
import { pack, type Header } from 'tar-stream';

export type TarEntry = Partial<Header> & { readonly name: string; readonly text?: string | Buffer };

/** A tar, entry by entry: also ones no honest packer writes. */
export function tar(entries: readonly TarEntry[]): Promise<Buffer> {
  const made = pack();
  for (const { text, ...header } of entries) made.entry(header, text ?? '');
  made.finalize();
  return buffer(made);
}
