import { BuildError, type BuildRequest } from '../model.ts';
import type { Plan } from '../plan/plan.ts';
import type { StageName } from './progress.ts';
import { stages } from './progress.ts';
import { ToolError } from '../sandbox/sandbox.ts';
import { diskFullSentence } from './space.ts';
import { systemSentence } from '../../uforge/systemError.ts';
import { megabyte } from '../../uforge/units.ts';

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

const diskFull = /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT|write error: Disk full/;

/** What tools say about a cause a person can act on, and the sentence for it. */
const causes: readonly { pattern: RegExp; sentence: (plan: Plan) => string }[] = [
  {
    // mke2fs, mkfs.xfs, mkfs.btrfs, mcopy
    pattern: /Could not allocate (block|inode)|cannot allocate space|not enough free space|Disk full/,
    sentence: (plan) =>
      plan.disks.flatMap(({ partitions }) => partitions).some(({ path }) => path.includes('partitions'))
        ? 'A partition is too small for what is installed into it. Give it a larger size.'
        : `The disk of ${(plan.disks[0]?.size ?? 0) / megabyte} MB is too small for what is installed. Ask for a larger diskSize.`,
  },
  ...mirrorCauses.map(({ pattern, sentence }) => ({
    pattern,
    sentence: ({ mirror }: Plan) => sentence(mirror),
  })),
  {
    pattern: /unmet dependencies|held broken packages|Depends: .* but/,
    sentence: () => "The packages can't be installed together: a dependency can't be met.",
  },
];

/** What is wrong with the mirror, by what apt said; undefined when that is about something else. */
export function mirrorProblem(said: string, mirror: string): string | undefined {
  return mirrorCauses.find(({ pattern }) => pattern.test(said))?.sentence(mirror);
}

interface Circumstances {
  readonly stage: StageName;
  /** Undefined when the failure came before it. */
  readonly plan: Plan | undefined;
  readonly request: BuildRequest;
  readonly lastLines: readonly string[];
}

/** Any failure of a stage as the error a person reads. Aborts pass through as they are. */
export async function asBuildError(
  error: unknown,
  { stage, plan, request, lastLines }: Circumstances,
): Promise<Error> {
  if (error instanceof BuildError) {
    return error.detail === ''
      ? new BuildError(error.message, lastLines.join('\n'), { cause: error })
      : error;
  }
  const said = error instanceof ToolError ? error.lines : [];
  const raw = error instanceof Error ? error.message : String(error);
  // The system's own message names folders of this computer, which are nobody's business who reads the ticket.
  const told = systemSentence(error) ?? raw;
  const text = [...said, raw].join('\n');
  const cause = plan === undefined ? undefined : causes.find(({ pattern }) => pattern.test(text));
  const firstError = said.find((line) => /^(E:|mke2fs:|qemu-img:|mmdebstrap|dpkg: error)/.test(line));
  const reason = diskFull.test(text)
    ? await diskFullSentence(stage, request)
    : plan !== undefined && cause !== undefined
      ? cause.sentence(plan)
      : `“${stages[stage].title}” failed: ${firstError ?? told}`;
  const detail = said.length > 0 ? said : [...lastLines, told];
  return new BuildError(reason, detail.join('\n'), { cause: error });
}
