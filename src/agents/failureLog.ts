/** What the log of a failed build tells. */
export interface FailureLog {
  /** The stage it failed in. */
  readonly failed_in?: string;
  /** Lines of that stage that look like the cause, with their number in the log. */
  readonly suspicious_lines?: readonly { readonly line: number; readonly text: string }[];
  readonly last_lines?: readonly string[];
  /** What usually helps. */
  readonly advice: readonly string[];
}

const mostSuspicious = 20;
const suspicious =
  /^(E|Err|W): |\berror\b|\bfatal\b|\bfail(ed|ure)?\b|\bcannot\b|\bcan['’]t\b|unable to|no such|not found|denied|refused|timed out/i;

/** Causes people have met, and what they did. */
const remedies: readonly { readonly pattern: RegExp; readonly advice: string }[] = [
  {
    pattern:
      /Unable to locate package|has no installation candidate|There (is|are) no packages?|does not exist/i,
    advice:
      'A package does not exist in this distribution. Look its name up with search_packages and correct the template.',
  },
  {
    pattern: /Version .* was not found/i,
    advice: 'A pinned version of a package is not on the mirror any more. Pin a version it has, or none.',
  },
  {
    pattern:
      /unmet dependencies|can't be installed together|held broken packages|Depends: .* but|dependency can't be met/i,
    advice: 'Packages exclude each other. Remove one of those that are named, or an outdated pinned version.',
  },
  {
    pattern: /disk is full|No space left on device|ENOSPC|Disk quota exceeded/i,
    advice: 'The computer that builds is out of disk space. Delete images that are not needed any more.',
  },
  {
    pattern: /too small for what is installed|Could not allocate (block|inode)/i,
    advice: 'The image’s disk is too small. Ask for a larger diskSize (in MB).',
  },
  {
    pattern:
      /mirror .* can't be reached|Could not (connect|resolve)|Temporary failure resolving|Network is unreachable/i,
    advice:
      'The package mirror can’t be reached. Check the network, the proxy (http_proxy) or name another mirror (FORGE_MIRROR).',
  },
  {
    pattern: /can't be verified|NO_PUBKEY|EXPKEYSIG|BADSIG/i,
    advice:
      'The mirror’s signature is not trusted. Update the package debian-archive-keyring on the computer that builds.',
  },
  {
    pattern: /is not installed|apt-get install/i,
    advice:
      'A tool the build needs is missing on the computer that builds. The reason names the command that installs it.',
  },
  {
    pattern: /forge (was|has been) (stopped|killed)|was interrupted|stopped while/i,
    advice: 'The build was interrupted from outside. Generate the image again.',
  },
];

/** Reads a log for the cause of a failure. Without a log only the advice is there, taken from the reason. */
export function readFailure(log: string | undefined, reason: string, lastLines: number): FailureLog {
  const all = log === undefined ? [] : log.trimEnd().split('\n');
  const start = all.findLastIndex((line) => stageOf(line) !== undefined);
  const stage = stageOf(all[start] ?? '');
  const found = all
    .map((text, index) => ({ line: index + 1, text }))
    .slice(Math.max(0, start))
    .filter(({ text }) => suspicious.test(text))
    .slice(-mostSuspicious);
  const heard = [reason, ...found.map(({ text }) => text)].join('\n');
  return {
    ...(stage !== undefined && { failed_in: stage }),
    ...(found.length > 0 && { suspicious_lines: found }),
    ...(all.length > 0 && { last_lines: all.slice(-lastLines) }),
    advice: remedies.filter(({ pattern }) => pattern.test(heard)).map(({ advice }) => advice),
  };
}

/** The forge writes `== stage ==` where a stage begins. */
function stageOf(line: string): string | undefined {
  return /^(?:\S+ )?== (.+) ==$/.exec(line)?.[1];
}
