import type { Supplier } from './supplier.ts';

/** What apt says when it is the mirror's fault, and the sentence for it. */
const mirrorCauses: readonly { pattern: RegExp; sentence: (supplier: Supplier) => string }[] = [
  {
    pattern: /\b401\s+Unauthorized/,
    sentence: ({ called }) =>
      `${called} wants a login: name a file with it, as apt_auth.conf(5) says, in FORGE_REPOSITORY_AUTH.`,
  },
  {
    pattern: /NO_PUBKEY|is not signed|invalid signature|BADSIG|EXPKEYSIG/,
    sentence: ({ url, keys }) => `The signature of ${url} can't be verified. ${keys}`,
  },
  {
    pattern: /Release file for \S+ is expired/,
    sentence: ({ url, instead }) =>
      `The package index of ${url} has expired: who uses it gets no updates. ${instead}`,
  },
  {
    pattern: /Release file for \S+ is not valid yet/,
    sentence: ({ url }) =>
      `The package index of ${url} is from the future. Set the clock of this computer, or use another mirror.`,
  },
  {
    pattern:
      /Could not connect|Could not resolve|Connection (failed|refused|timed out)|Cannot initiate the connection|Temporary failure resolving|Network is unreachable|Unable to connect/,
    sentence: ({ called }) => `${called} can't be reached.`,
  },
  {
    pattern: /Failed to fetch|does not have a Release file|Hash Sum mismatch|Some index files failed/,
    sentence: ({ called }) => `${called} doesn't deliver what is needed.`,
  },
];

/** What is wrong with who packages come from, by what apt said; undefined when that is about something else. */
export function mirrorProblem(said: string, supplier: Supplier): string | undefined {
  return mirrorCauses.find(({ pattern }) => pattern.test(said))?.sentence(supplier);
}
