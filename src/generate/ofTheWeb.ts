import { lookup as resolveName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { UnreadableFile } from '../appliance/find/readRegularFile.ts';
import { whereBesidesTheWeb } from '../uforge/besidesTheWeb.ts';
import { sentence } from '../uforge/language/sentence.ts';

/** A name that is an address itself is asked of nobody. @throws {UnreadableFile} it is none of the web's */
export async function assertOfTheWeb({ hostname }: URL, address: string): Promise<void> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const isLocalName = /(^|\.)(localhost|local|internal)\.?$/i.test(host);
  const where = isIP(host) === 0 ? undefined : await whereBesidesTheWeb(host);
  if (isLocalName || where !== undefined) throw new UnreadableFile(besidesTheWeb(address));
}

function besidesTheWeb(address: string) {
  return sentence`“${address}” leads to this computer or a private network, which a template may not reach. Download the file and name it here by its path, or allow the address (--allow-outside).`;
}

/** The addresses of a name, when all of them are of the web: checked where the connection is made. */
export const lookupOfTheWeb: LookupFunction = (host, options, done) => {
  resolveName(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      done(error, '', 0);
      return;
    }
    void Promise.all(addresses.map(({ address }) => whereBesidesTheWeb(address))).then((places) => {
      const [first] = addresses;
      const where = places.find((place) => place !== undefined);
      if (where !== undefined || first === undefined) done(new UnreadableFile(besidesTheWeb(host)), '', 0);
      else if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  });
};
