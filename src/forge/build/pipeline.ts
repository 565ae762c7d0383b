import type { FormatContext } from './formats/format.ts';
import { asBuildError } from './failure.ts';
import type { Artifact, BuildObserver, BuildRequest, InstalledPackage } from './model.ts';
import { splitVersion } from './packages/installed.ts';
import type { Plan } from './plan.ts';
import { planBuild } from './plan.ts';
import type { StageName } from './progress.ts';
import { Progress } from './progress.ts';
import { hasBaseRoot, baseRootPath } from './root/baseRoot.ts';
import { Sandbox } from './sandbox.ts';
import { checkDependencies } from './stages/checkDependencies.ts';
import { createDisk } from './stages/createDisk.ts';
import { fetchPackages } from './stages/fetchPackages.ts';
import { install } from './stages/install.ts';
import type { StageContext } from './stages/stage.ts';
import { store } from './stages/store.ts';
import { wipeContents } from './wipe.ts';

/** How many of the log's last lines a failure carries. */
const keptLines = 40;

/** The stages in their order; see `build`. */
export function runPipeline(
  request: BuildRequest,
  observer: BuildObserver,
  signal: AbortSignal,
): Promise<Artifact> {
  return attempt(request, observer, signal, runStages);
}

/** The first stage only; see `simulate`. */
export async function runCheck(
  request: BuildRequest,
  observer: BuildObserver,
  signal: AbortSignal,
): Promise<readonly InstalledPackage[]> {
  const { base, extra, requested } = await attempt(
    request,
    observer,
    signal,
    (_request, plan, surroundings) =>
      checkDependencies(stagesOf(request, plan, surroundings)('checkDependencies')),
  );
  await wipeContents(request.workDir);
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
  work: (request: BuildRequest, plan: Plan, surroundings: Surroundings) => Promise<T>,
): Promise<T> {
  const lastLines: string[] = [];
  const log = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
    observer.log(line);
  };
  let current: StageName = 'checkDependencies';
  let plan: Plan | undefined;
  try {
    signal.throwIfAborted();
    plan = planBuild(request, process.env);
    return await work(request, plan, { observer, log, signal, onStage: (stage) => (current = stage) });
  } catch (error) {
    await wipeContents(request.workDir);
    signal.throwIfAborted();
    const failure = asBuildError(error, current, plan, lastLines);
    observer.log(failure.message);
    throw failure;
  }
}

interface Surroundings {
  readonly observer: BuildObserver;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly onStage: (stage: StageName) => void;
}

/** Enters one stage after the other. */
function stagesOf(
  request: BuildRequest,
  plan: Plan,
  surroundings: Surroundings,
): (stage: StageName) => StageContext {
  const { signal, log } = surroundings;
  const progress = new Progress(surroundings.observer);
  const sandbox = new Sandbox(signal, log);
  return (stage) => {
    signal.throwIfAborted();
    surroundings.onStage(stage);
    progress.report(stage, {});
    return { request, plan, sandbox, signal, log, report: (report) => progress.report(stage, report) };
  };
}

async function runStages(request: BuildRequest, plan: Plan, surroundings: Surroundings): Promise<Artifact> {
  const enter = stagesOf(request, plan, surroundings);
  const asFormat = (context: StageContext): FormatContext => ({ ...context, workDir: request.workDir });

  const first = enter('checkDependencies');
  const resolution = await checkDependencies(first);

  const base = { plan, packages: resolution.base, cacheDir: request.cacheDir, sandbox: first.sandbox };
  const baseIsCached = await hasBaseRoot(baseRootPath(base));
  const toFetch = baseIsCached ? resolution.extra : [...resolution.base, ...resolution.extra];
  await fetchPackages(toFetch, enter('fetchPackages'));

  const disk = await createDisk(enter('createDisk'));
  const packages = await install(resolution, disk, enter('install'));
  const converted = await plan.format.convert(disk.path, asFormat(enter('convert')));
  const packed = await plan.format.pack(converted, asFormat(enter('compress')));
  return await store(packed, packages, enter('store'));
}
