import { BuildError, type BuildRequest } from '../model.ts';
import { unmetReasons } from '../packages/unmet.ts';
import { mirrorOf } from '../packages/supplier.ts';
import { mirrorProblem } from '../packages/mirrorProblem.ts';
import { basePackages } from '../plan/debian.ts';
import type { Plan } from '../plan/plan.ts';
import { systemPackages } from '../plan/systems.ts';
import type { StageName } from './progress.ts';
import { stages } from './progress.ts';
import { ToolError } from '../sandbox/sandbox.ts';
import { diskFullSentence } from './space.ts';
import { systemSentence } from '../../uforge/systemError.ts';
import { megabyte } from '../../uforge/units.ts';
import { messageOf } from '../../uforge/messageOf.ts';

const diskFull = /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT|write error: Disk full/;

/** Said by mke2fs, mkfs.xfs, mkfs.btrfs or mcopy. */
const tooSmall = /Could not allocate (block|inode)|cannot allocate space|not enough free space|Disk full/;
const unmet = /unmet dependencies|held broken packages|Depends: .* but/;

/** The sentence for a cause that a person can act on, by what tools say. */
function causeOf(said: string, plan: Plan): string | undefined {
  const { disks, release, mirror } = plan;
  if (tooSmall.test(said)) {
    return disks.flatMap(({ partitions }) => partitions).some(({ path }) => path.includes('partitions'))
      ? 'A partition is too small for what is installed into it. Give it a larger size.'
      : `The disk of ${(disks[0]?.size ?? 0) / megabyte} MB is too small for what is installed. Ask for a larger diskSize.`;
  }
  return (
    mirrorProblem(said, mirrorOf(release, mirror)) ??
    (unmet.test(said) ? unmetSentence(said, plan) : undefined)
  );
}

/** What nobody has asked for is told apart: it can't be taken out of the template. */
function unmetSentence(said: string, { system, release, packages }: Plan): string {
  const reasons = unmetReasons(said) ?? "a dependency can't be met";
  const own = [...basePackages(release), ...systemPackages(system, release)].filter(
    (name) => reasons.includes(`“${name}”`) && packages.every((pkg) => pkg.name !== name),
  );
  const whose =
    own.length === 0 ? '' : ` ${own.map((name) => `“${name}”`).join(', ')}: of the system itself.`;
  return `The packages can't be installed together: ${reasons}.${whose}`;
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
  const raw = messageOf(error);
  // The system's own message names folders of this computer, which are nobody's business who reads the ticket.
  const told = systemSentence(error) ?? raw;
  const text = [...said, raw].join('\n');
  const cause = plan === undefined ? undefined : causeOf(text, plan);
  const firstError = said.find((line) => /^(E:|mke2fs:|qemu-img:|mmdebstrap|dpkg: error)/.test(line));
  const reason = diskFull.test(text)
    ? await diskFullSentence(stage, request)
    : (cause ?? `“${stages[stage].title}” failed: ${firstError ?? told}`);
  const detail = said.length > 0 ? said : [...lastLines, told];
  return new BuildError(reason, detail.join('\n'), { cause: error });
}
