import { XMLParser } from 'fast-xml-parser';
import { SaxesParser } from 'saxes';
import { decodeXml, encodeXml } from '../../src/uforge/codec/codec.ts';
import type { Image } from '../../src/uforge/dto.ts';
import { race, type Row } from './report.ts';

const images = 10_000;
const rounds = 5;

/**
 * A list of 10,000 images to objects with types and back. The anchors: fast-xml-parser alone, with which we read, to
 * objects of strings, and saxes, which is as strict as we are and makes nothing of what it reads.
 */
export async function benchCodec(): Promise<Row[]> {
  const value = { total: images, images: Array.from({ length: images }, (_, index) => image(index)) };
  const text = encodeXml('images', value);
  const options = { ignoreAttributes: false, parseTagValue: false, preserveOrder: true } as const;
  const megabytes = Buffer.byteLength(text) / 1e6;
  const [decode = 0, bare = 0, saxes = 0, encode = 0] = await race(
    megabytes,
    rounds,
    () => decodeXml(text),
    () => new XMLParser(options).parse(text),
    () => new SaxesParser({ xmlns: true }).write(text).close(),
    () => encodeXml('images', value),
  );
  const unit = 'MB/s';
  const note = `${images} images, ${megabytes.toFixed(1)} MB`;
  return [
    { what: 'decodeXml', unit, ours: decode, anchorName: 'fast-xml-parser', anchor: bare, aim: 0.4, note },
    { what: 'decodeXml', unit, ours: decode, anchorName: 'saxes, no handlers', anchor: saxes, note },
    { what: 'encodeXml', unit, ours: encode, anchorName: 'fast-xml-parser, parsing', anchor: bare, note },
  ];
}

function image(index: number): Image {
  const uri = `users/guest/appliances/12/images/${index}`;
  const created = new Date(Date.UTC(2026, 0, 1) + index * 60_000);
  return {
    created,
    dbId: index,
    lastModified: created,
    sha256sum: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    status: { complete: true, percentage: 100, message: 'Done', parentUri: uri, uri: `${uri}/status` },
    parentUri: 'users/guest/appliances/12',
    compress: true,
    downloadUri: `${uri}/downloads/nginx_1.0rev1_vbox.ova`,
    fileName: 'nginx_1.0rev1_vbox.ova',
    fileSize: 123_456_789 + index,
    targetFormat: { name: 'VirtualBox', format: { name: 'vbox' } },
    installProfile: { diskSize: 8192, memorySize: 1024, swapSize: 512 },
    name: 'Web & more',
    revision: 1,
    uri,
    version: '1.0',
  };
}
