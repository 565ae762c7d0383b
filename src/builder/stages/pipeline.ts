import { makeCacheFolder } from '../cache/privateFolder.ts';
import { imageFormatOf } from '../formats/formats.ts';
import type { ImageFormat } from '../formats/format.ts';
import { BuildError } from '../model.ts';
import type { Artifact, BuildFigure, BuildObserver, BuildRequest, InstalledPackage } from '../model.ts';
import { splitVersion } from '../packages/installed.ts';
import { planBuild, type Plan } from '../plan/plan.ts';
import { wipeContents } from '../sandbox/wipe.ts';
import { checkedDependencies } from './checkDependencies.ts';
import { asBuildError } from './failure.ts';
import { hashOfFiles } from './hashOfFiles.ts';
import { Progress } from './progress.ts';
import { Runner, tellEnd } from './runner.ts';
import { stagesOf } from './stagesOf.ts';
import { Timings } from './timings.ts';

/** How many of the log's last lines a failure carries. */
const keptLines = 40;

interface Attempt {
  readonly plan: Plan;
  readonly format: ImageFormat;
  readonly runner: Runner;
}

/**
 * Builds the image: all stages, the dependencies first, which decide on the keys of the others. Rejects with a
 * `BuildError` when it fails, with the signal's reason when it was aborted; in both cases every process of the build is
 * dead and `workDir` is empty when the promise settles.
 */
export function build(
  request: BuildRequest,
  observer: BuildObserver,
  signal: AbortSignal,
): Promise<Artifact> {
  return attempt(request, observer, signal, async ({ plan: planned, format, runner }) => {
    const checked = await runner.run(checkedDependencies(planned));
    const plan = { ...planned, epoch: checked.epoch };
    const files = await hashOfFiles(request.filesDir);
    const { stored } = stagesOf({ plan, format, ...checked, files });
    await runner.expect(stored);
    return await runner.run(stored);
  });
}

/**
 * Only checks the dependencies (`image/simulated`) and resolves with the definitive list of packages: those a build
 * would install now. Rejects as `build` does; `workDir` is empty whatever happens.
 */
export async function simulate(
  request: BuildRequest,
  observer: BuildObserver,
  signal: AbortSignal,
): Promise<readonly InstalledPackage[]> {
  const { resolution } = await attempt(request, observer, signal, ({ plan, runner }) =>
    runner.run(checkedDependencies(plan)),
  );
  await wipeContents(request.workDir);
  const { base, extra, requested } = resolution;
  const names = new Set(requested);
  return [...base, ...extra].map(({ name, version, arch }) => ({
    name,
    ...splitVersion(version),
    arch,
    profile: names.has(name),
  }));
}

/** What every attempt has in common: the plan before it; a sentence, the last lines and no files after a failure. */
async function attempt<T>(
  request: BuildRequest,
  observer: BuildObserver,
  signal: AbortSignal,
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const lastLines: string[] = [];
  const log = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
    observer.log(line);
  };
  const measured = (figure: BuildFigure): void => observer.measured?.(figure);
  let progress: Progress | undefined;
  let plan: Plan | undefined;
  try {
    signal.throwIfAborted();
    await makeCacheFolder(request.cacheDir);
    const format = formatOf(request);
    plan = await planBuild(request, format, process.env);
    const timings = await Timings.read(request.cacheDir);
    progress = new Progress(observer, timings);
    const result = await work({
      plan,
      format,
      runner: new Runner({ request, signal, log, progress, measured }),
    });
    const ended = progress.finish();
    if (ended !== undefined) tellEnd(ended, { log, measured });
    // Only for the next build's forecast.
    await timings.save().catch(() => undefined);
    return result;
  } catch (error) {
    await wipeContents(request.workDir);
    signal.throwIfAborted();
    const stage = progress?.title ?? 'checkDependencies';
    const failure = await asBuildError(error, { stage, plan, request, lastLines });
    observer.log(failure.message);
    throw failure;
  }
}

function formatOf({ image }: BuildRequest): ImageFormat {
  const name = image.targetFormat?.name;
  const format = imageFormatOf(name);
  if (format === undefined) throw new BuildError(`The local forge can't build “${name ?? ''}”.`);
  return format;
}
