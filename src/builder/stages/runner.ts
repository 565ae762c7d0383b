import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Cache, defaultCacheLimit } from '../cache/cache.ts';
import { dataExtents, type Extent } from '../disk/blockMap.ts';
import { usedBytes } from '../disk/usedBytes.ts';
import type { BuildFigure, BuildRequest } from '../model.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import { stages, type Ended, type Expected, type Progress, type StageName } from './progress.ts';
import { assertFreeSpace, shareDisk } from './space.ts';
import { keyOf, type Stage, type StageContext } from './stage.ts';

interface Surroundings {
  readonly request: BuildRequest;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly progress: Progress;
  readonly measured: (figure: BuildFigure) => void;
}

type Kept = Stage & Required<Pick<Stage, 'kept'>>;

/**
 * Runs the stages of one build, each once: what the cache has is taken, what another build makes right now is waited for,
 * and the rest is made, when there is room for it, and kept.
 */
export class Runner {
  readonly #surroundings: Surroundings;
  readonly #cache: Cache;
  readonly #sandbox: Sandbox;
  readonly #done = new Set<Stage>();
  readonly #linked = new Set<Stage>();

  constructor(surroundings: Surroundings) {
    const { request, signal, log } = surroundings;
    this.#surroundings = surroundings;
    this.#sandbox = new Sandbox(signal, log);
    const extents = (file: string): Promise<Extent[]> => dataExtents(file, this.#sandbox);
    const limit = request.cacheLimit ?? defaultCacheLimit;
    this.#cache = new Cache(request.cacheDir, limit, { extents, signal, log });
  }

  /** Makes a stage's output, and what of its inputs is not there. */
  async run<T>(stage: Stage<T>): Promise<T> {
    const inputs: string[] = [];
    for (const input of stage.inputs) inputs.push(await this.#output(input));
    const context = this.#enter(stage.title, stage.measuredAs ?? stage.name);
    const sizes = await Promise.all(inputs.map(usedBytes));
    const from = sizes.reduce((sum, size) => sum + size, 0);
    const room = stage.room?.(from, false) ?? 0;
    await context.needs(room, stage.kept === undefined ? 0 : room);
    const into = this.#folderOf(stage);
    await mkdir(into);
    return await stage.run({ ...context, inputs, into, isKept: (other) => this.#isKept(other) });
  }

  /** What is left to do to run a stage: it depends on what the cache has. */
  async expect(stage: Stage<unknown>): Promise<void> {
    this.#surroundings.progress.expect(await this.#expected(stage));
  }

  async #expected(stage: Stage<unknown>): Promise<Expected> {
    const isKept = isKeptStage(stage) && (await this.#cache.has(stage.kept.kind, entryOf(stage)));
    const before = isKept && stage.open === undefined ? [] : stage.inputs;
    const inputs = await Promise.all(before.map((input) => this.#expected(input)));
    return [...inputs.flat(), [stage.title, measured(stage, isKept)]];
  }

  /** The folder with a stage's output. */
  async #output(stage: Stage): Promise<string> {
    const folder = this.#folderOf(stage);
    if (this.#done.has(stage)) return folder;
    if (isKeptStage(stage)) await this.#takeOrMake(stage);
    else await this.run(stage);
    this.#done.add(stage);
    // What is in a layer is in the root now.
    if (stage.open !== undefined)
      await rm(folder, { recursive: true, force: true }).then(() => mkdir(folder));
    return folder;
  }

  async #takeOrMake(stage: Kept): Promise<void> {
    const { kind } = stage.kept;
    const { signal } = this.#surroundings;
    if (await this.#take(stage)) return;
    const onWait = (): void =>
      this.#context().report({ activity: 'waiting for another build that does the same' });
    await using _lock = await this.#cache.lock(kind, entryOf(stage), signal, onWait);
    if (await this.#take(stage)) return;
    this.#surroundings.measured({ kind, fromCache: false });
    await this.run(stage);
    await this.#cache.keep(kind, entryOf(stage), this.#folderOf(stage));
  }

  async #take(stage: Kept): Promise<boolean> {
    if (!(await this.#isKept(stage))) return false;
    if (stage.open !== undefined) for (const input of stage.inputs) await this.#output(input);
    const context = this.#enter(stage.title, measured(stage, true));
    this.#surroundings.measured({ kind: stage.kept.kind, fromCache: true });
    context.log(`From the cache: ${stage.kept.kind}/${entryOf(stage)}`);
    if (stage.open === undefined) context.report({ fraction: 1, activity: 'from the cache' });
    else {
      await context.needs(stage.room?.(0, true) ?? 0);
      const into = this.#folderOf(stage);
      await stage.open({ ...context, into, isKept: (other) => this.#isKept(other) });
    }
    return true;
  }

  /** Links of this build's own to a kept output, which stay when the entry goes. */
  async #isKept(stage: Stage): Promise<boolean> {
    if (this.#linked.has(stage)) return true;
    if (!isKeptStage(stage)) return false;
    const isThere = await this.#cache.take(stage.kept.kind, entryOf(stage), this.#folderOf(stage));
    if (isThere) this.#linked.add(stage);
    return isThere;
  }

  /** The ticket's log has a heading where a title begins, and says how long that took where it ends. */
  #enter(title: StageName, what: string): StageContext {
    const { signal, progress, log } = this.#surroundings;
    signal.throwIfAborted();
    const isAnother = title !== progress.title;
    const ended = progress.enter(title, what);
    if (ended !== undefined) tellEnd(ended, this.#surroundings);
    if (isAnother) log(`== ${stages[title].title} ==`);
    return this.#context();
  }

  #context(): StageContext {
    const { request, signal, log, progress } = this.#surroundings;
    const stage = progress.title ?? 'checkDependencies';
    const cache = this.#cache;
    return {
      ...{ request, cache, sandbox: this.#sandbox, signal, log },
      report: (report) => progress.report(stage, report),
      needs: async (bytes, kept = 0) => {
        const { workDir, cacheDir } = request;
        const assertFree = (folder: string, most: number): Promise<void> =>
          assertFreeSpace({ stage, folder, bytes: most }, request, { cache, log });
        if (bytes > 0) await assertFree(workDir, bytes);
        if (kept > 0 && !(await shareDisk(workDir, cacheDir))) await assertFree(cacheDir, kept);
      },
    };
  }

  #folderOf({ name }: Stage<unknown>): string {
    return join(this.#surroundings.request.workDir, `output-${name}`);
  }
}

export function tellEnd(
  { stage, took }: Ended,
  { log, measured }: Pick<Surroundings, 'log' | 'measured'>,
): void {
  log(`-- ${stages[stage].title}: ${(took / 1000).toFixed(1)} s --`);
  measured({ stage, tookMs: took });
}

function isKeptStage(stage: Stage<unknown>): stage is Kept {
  return stage.kept !== undefined;
}

function entryOf(stage: Kept): string {
  return `${stage.kept.label}-${keyOf(stage)}`;
}

function measured({ name, measuredAs = name }: Stage<unknown>, isKept: boolean): string {
  return isKept ? `take ${measuredAs}` : measuredAs;
}
