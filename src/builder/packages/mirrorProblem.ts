/** What apt says when it is the mirror's fault, and the sentence for it. */
const mirrorCauses: readonly { pattern: RegExp; sentence: (mirror: string) => string }[] = [
  {
    pattern: /NO_PUBKEY|is not signed|invalid signature|BADSIG|EXPKEYSIG/,
    sentence: (mirror) =>
      `The signature of ${mirror} can't be verified. Update the package debian-archive-keyring.`,
  },
  {
    pattern: /Release file for \S+ is expired/,
    sentence: (mirror) =>
      `The package index of ${mirror} has expired: who uses it gets no updates. Use another mirror (FORGE_MIRROR).`,
  },
  {
    pattern: /Release file for \S+ is not valid yet/,
    sentence: (mirror) =>
      `The package index of ${mirror} is from the future. Set the clock of this computer, or use another mirror.`,
  },
  {
    pattern:
      /Could not connect|Could not resolve|Connection (failed|refused|timed out)|Cannot initiate the connection|Temporary failure resolving|Network is unreachable|Unable to connect/,
    sentence: (mirror) => `The Debian mirror ${mirror} can't be reached.`,
  },
  {
    pattern: /Failed to fetch|does not have a Release file|Hash Sum mismatch|Some index files failed/,
    sentence: (mirror) => `The Debian mirror ${mirror} doesn't deliver what is needed.`,
  },
];

/** What is wrong with the mirror, by what apt said; undefined when that is about something else. */
export function mirrorProblem(said: string, mirror: string): string | undefined {
  return mirrorCauses.find(({ pattern }) => pattern.test(said))?.sentence(mirror);
}
