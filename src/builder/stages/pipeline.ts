import { Cache } from '../cache/cache.ts';
import { hashOfFiles, keysOf } from '../cache/keys.ts';
import { makeCacheFolder } from '../cache/privateFolder.ts';
import { defaultCacheLimit } from '../cache/settings.ts';
import { dataExtents, type Extent } from '../disk/blockMap.ts';
import { isKept } from '../formats/diskFormat.ts';
import type { FormatContext } from '../formats/format.ts';
import { asBuildError } from './failure.ts';
import { collectOften } from './memory.ts';
import type { Artifact, BuildObserver, BuildRequest, InstalledPackage } from '../model.ts';
import { makeDisks, makeRoot } from './outputs.ts';
import { splitVersion } from '../packages/installed.ts';
import type { Plan } from '../plan/plan.ts';
import { planBuild } from '../plan/plan.ts';
import { expectedStages } from './forecast.ts';
import type { StageName } from './progress.ts';
import { Progress, stages } from './progress.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import { assertFreeSpace, shareDisk, usedBytes } from './space.ts';
import { checkDependencies } from './checkDependencies.ts';
import type { StageContext } from './stage.ts';
import { store } from './store.ts';
import { Timings } from './timings.ts';
import { wipeContents } from '../sandbox/wipe.ts';

/** How many of the log's last lines a failure carries. */
const keptLines = 40;

/** The stages in their order; see `build`. */
export function runPipeline(
  request: BuildRequest,
  observer: BuildObserver,
  signal: AbortSignal,
): Promise<Artifact> {
  return attempt(request, observer, signal, (plan, surroundings) => runStages(request, plan, surroundings));
}

/** The first stage only; see `simulate`. */
export async function runCheck(
  request: BuildRequest,
  observer: BuildObserver,
  signal: AbortSignal,
): Promise<readonly InstalledPackage[]> {
  const { base, extra, requested } = await attempt(request, observer, signal, async (plan, surroundings) => {
    const enter = stagesOf(request, plan, surroundings);
    return (await checkDependencies(enter('checkDependencies'))).resolution;
  });
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
  work: (plan: Plan, surroundings: Surroundings) => Promise<T>,
): Promise<T> {
  const lastLines: string[] = [];
  const log = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
    observer.log(line);
  };
  collectOften();
  let current: StageName = 'checkDependencies';
  let plan: Plan | undefined;
  try {
    signal.throwIfAborted();
    await makeCacheFolder(request.cacheDir);
    plan = await planBuild(request, process.env);
    const timings = await Timings.read(request.cacheDir);
    const progress = new Progress(observer, timings);
    const result = await work(plan, {
      log,
      signal,
      progress,
      onStage: (stage) => (current = stage),
    });
    logEnd(progress.finish(), log);
    // Only for the next build's forecast.
    await timings.save().catch(() => undefined);
    return result;
  } catch (error) {
    await wipeContents(request.workDir);
    signal.throwIfAborted();
    const failure = await asBuildError(error, { stage: current, plan, request, lastLines });
    observer.log(failure.message);
    throw failure;
  }
}

interface Surroundings {
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly progress: Progress;
  readonly onStage: (stage: StageName) => void;
}

/** Enters one stage after the other. */
function stagesOf(
  request: BuildRequest,
  plan: Plan,
  surroundings: Surroundings,
): (stage: StageName) => StageContext {
  const { signal, log, progress } = surroundings;
  const sandbox = new Sandbox(signal, log);
  const extents = (file: string): Promise<Extent[]> => dataExtents(file, sandbox);
  const cache = new Cache(request.cacheDir, request.cacheLimit ?? defaultCacheLimit, {
    extents,
    signal,
    log,
  });
  return (stage) => {
    signal.throwIfAborted();
    surroundings.onStage(stage);
    logEnd(progress.enter(stage), log);
    log(`== ${stages[stage].title} ==`);
    return {
      ...{ request, plan, cache, sandbox, signal, log },
      report: (report) => progress.report(stage, report),
      needs: (folder, bytes) => assertFreeSpace({ stage, folder, bytes }, request, { cache, log }),
    };
  };
}

/** The ticket's log has a heading where a stage begins, and says how long it took where it ends. */
function logEnd(ended: ReturnType<Progress['finish']>, log: (line: string) => void): void {
  if (ended !== undefined) log(`-- ${stages[ended.stage].title}: ${(ended.took / 1000).toFixed(1)} s --`);
}

async function runStages(
  request: BuildRequest,
  planned: Plan,
  surroundings: Surroundings,
): Promise<Artifact> {
  const checking = stagesOf(request, planned, surroundings)('checkDependencies');
  const checked = await checkDependencies(checking);
  const { resolution, epoch } = checked;
  const plan: Plan = { ...planned, epoch };
  const { base, extra } = resolution;
  const keys = keysOf({ plan, base, extra, files: await hashOfFiles(request.filesDir) });
  const enter = stagesOf(request, plan, surroundings);
  surroundings.progress.expect(await expectedStages(plan, keys, checking.cache));
  const making = { checked, keys, checking: { ...checking, plan }, enter };
  const output = plan.system.hasDisk ? await makeDisks(making) : await makeRoot(making);
  const { workDir, cacheDir } = request;
  const room = plan.format.room(plan);
  /** A format's step, once there is room for what it makes out of these files. */
  const step = async (
    stage: StageName,
    from: readonly string[],
    share: number,
    keeps = false,
  ): Promise<FormatContext> => {
    const context = enter(stage);
    const sizes = await Promise.all(from.map(usedBytes));
    const bytes = share * sizes.reduce((sum, size) => sum + size, 0);
    await context.needs(workDir, bytes);
    if (keeps && !(await shareDisk(workDir, cacheDir))) await context.needs(cacheDir, bytes);
    return { ...context, workDir, keys };
  };
  const made = output.rootTar === undefined ? output.disks.map(({ path }) => path) : [output.rootTar];
  const converted = await plan.format.convert(
    output,
    await step('convert', made, room.convert, isKept(plan.format.file, plan)),
  );
  const packed = await plan.format.pack(converted, output, await step('compress', converted, room.pack));
  return await store(packed, output.packages, enter('store'));
}
