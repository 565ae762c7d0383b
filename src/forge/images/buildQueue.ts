import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep, type Clock } from '../../uforge/clock.ts';
import {
  build,
  BuildError,
  bundlesLeftOut,
  simulate,
  sweepCache,
  wipe,
  type BuildFigure,
  type BuildObserver,
  type BuildProgress,
  type BuildRequest,
} from '../../builder/index.ts';
import { isDiskFull, isSystemError, systemSentence } from '../../uforge/systemError.ts';
import type { DataFolder } from '../process/paths.ts';
import type { TicketRecord, TicketStore } from '../store/ticketStore.ts';
import { TicketLog } from './ticketLog.ts';
import { buildInputs } from './buildInputs.ts';
import type { Revisions } from './revisions.ts';

/** Why a running build was aborted. */
type Stop = 'cancelled' | 'stopped';

interface Running {
  readonly itid: number;
  readonly controller: AbortController;
  /** Settles, and never rejects, when every process of the build is dead and its files are gone. */
  readonly ended: Promise<void>;
}

export interface GenerationsInit {
  readonly tickets: TicketStore;
  readonly revisions: Revisions;
  readonly data: DataFolder;
  readonly cacheDir: string;
  /** Bytes the cache may take. */
  readonly cacheLimit?: number;
  readonly clock: Clock;
  /** Why a finished file of that many bytes may not be kept; undefined when it may. */
  readonly noRoomFor: (ticket: TicketRecord, size: number) => string | undefined;
  /** Builds at the same time. */
  readonly concurrency?: number;
  readonly measured?: (figure: BuildFigure) => void;
  /** What went wrong with a ticket and can't be told in it, because the database or the disk fails. */
  readonly onError: (error: unknown) => void;
}

/** How long to wait for room to say how a build ended. */
const untilRoomMs = 1000;

const stoppedMessage = 'The forge was stopped while this image was being built.';

/** The queue of tickets and the builds that run: the only place where a ticket's state changes. */
export class Generations {
  readonly #init: GenerationsInit;
  readonly #waiting: number[] = [];
  readonly #running = new Map<number, Running>();
  #stopping = false;
  #draining = false;

  constructor(init: GenerationsInit) {
    this.#init = init;
  }

  /** Whether anything is being built or waits for it. */
  get isBusy(): boolean {
    return this.#running.size + this.#waiting.length > 0;
  }

  /** Whether new generations are refused: the forge ends, at once or when the last one is done. */
  get isEnding(): boolean {
    return this.#stopping || this.#draining;
  }

  /** From now on there are no new ones; those that run or wait come to their end. */
  drain(): void {
    this.#draining = true;
  }

  /** Tickets that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** How much there is to do, 0–100, for `serviceStatus/serviceLoad`. */
  get load(): number {
    return Math.min(100, Math.round((this.#running.size / this.#concurrency) * 100));
  }

  /**
   * After a start: whatever was in progress ended with the forge that did it. Its tickets are in error, with
   * the reason, and its files are gone, as are files of tickets that did not end well. Of tickets nobody
   * knows they stay.
   */
  async recover(): Promise<void> {
    const { tickets, data, cacheDir } = this.#init;
    for (const ticket of [...tickets.inState('running'), ...tickets.inState('waiting')]) {
      try {
        tickets.fail(ticket.id, 'The generation failed', stoppedMessage, '');
      } catch (error) {
        // It stays as it is until somebody cancels it (`#endStranded`), or until the next start.
        if (!isDiskFull(error)) throw error;
        this.#init.onError(error);
      }
      await using log = new TicketLog(data.log(ticket.id));
      log.line(stoppedMessage);
    }
    await sweepCache(cacheDir);
    const left = (await readdir(data.work)).map((name) => join(data.work, name));
    for (const name of await readdir(data.images)) {
      const state = tickets.get(Number(name))?.state;
      if (state === 'failed' || state === 'cancelled') left.push(join(data.images, name));
    }
    // Whatever a program of a template has done to what it left behind, the forge starts.
    for (const path of left) await wipe(path).catch((error: unknown) => this.#init.onError(error));
  }

  /** Puts a new ticket at the end of the queue. */
  enqueue(itid: number): void {
    if (this.#stopping) {
      this.#record(itid, 'stopped');
      return;
    }
    this.#waiting.push(itid);
    this.#next();
  }

  /**
   * Ends a waiting or running generation; resolves once nothing of it is left. False when it was not going
   * on.
   */
  async cancel(itid: number): Promise<boolean> {
    return await this.#end(itid, 'cancelled');
  }

  /** Ends everything, for a forge that stops. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const ids = [...this.#waiting, ...this.#running.keys()];
    await Promise.all(ids.map((itid) => this.#end(itid, 'stopped')));
  }

  get #concurrency(): number {
    return this.#init.concurrency ?? 1;
  }

  async #end(itid: number, why: Stop): Promise<boolean> {
    const place = this.#waiting.indexOf(itid);
    if (place >= 0) {
      this.#waiting.splice(place, 1);
      this.#record(itid, why);
      this.#tellPositions();
      return true;
    }
    const running = this.#running.get(itid);
    if (running === undefined) return this.#endStranded(itid, why);
    running.controller.abort(why);
    await running.ended;
    // The build may have been done in that very moment: then it is done.
    return this.#init.tickets.get(itid)?.state !== 'done';
  }

  /** A ticket nobody works on, because the disk was too full to say how it ended. */
  #endStranded(itid: number, why: Stop): boolean {
    const state = this.#init.tickets.get(itid)?.state;
    const isStranded = state === 'waiting' || state === 'running';
    if (isStranded) this.#record(itid, why);
    return isStranded;
  }

  #next(): void {
    while (!this.#stopping && this.#running.size < this.#concurrency) {
      const itid = this.#waiting.shift();
      if (itid === undefined) break;
      const controller = new AbortController();
      const ended = this.#run(itid, controller.signal)
        .catch((error: unknown) => this.#init.onError(error))
        .finally(() => {
          this.#running.delete(itid);
          this.#next();
        });
      this.#running.set(itid, { itid, controller, ended });
    }
    this.#tellPositions();
  }

  #tellPositions(): void {
    for (const [index, itid] of this.#waiting.entries()) {
      const ahead = index + this.#running.size;
      this.#init.tickets.wait(itid, `Waiting: ${ahead} ahead`);
    }
  }

  async #run(itid: number, signal: AbortSignal): Promise<void> {
    const { tickets, revisions } = this.#init;
    const ticket = tickets.get(itid);
    if (ticket === undefined || !tickets.start(itid, 'Starting')) return;
    await this.#attempt(ticket, signal);
    await revisions.prune(ticket.applianceId);
  }

  /** Builds, and puts down how it ended. */
  async #attempt(ticket: TicketRecord, signal: AbortSignal): Promise<void> {
    const { tickets, data } = this.#init;
    const itid = ticket.id;
    const workDir = data.workOf(itid);
    await using log = new TicketLog(data.log(itid));
    let failure: { readonly error: unknown } | undefined;
    try {
      await mkdir(workDir, { recursive: true, mode: 0o700 });
      await this.#build(ticket, workDir, log, signal);
    } catch (error) {
      failure = { error };
    }
    // First the files go, then the ticket says so: on a full disk there may be no room to say it before.
    await wipe(workDir).catch((error: unknown) => this.#init.onError(error));
    if (failure === undefined) return;
    await wipe(data.image(itid)).catch((error: unknown) => this.#init.onError(error));
    if (signal.aborted) {
      log.line(signal.reason === 'cancelled' ? 'Cancelled.' : stoppedMessage);
      this.#record(itid, signal.reason as Stop);
      return;
    }
    const { message, detail } = asFailure(failure.error);
    const { error } = failure;
    if (!(error instanceof BuildError)) log.line(message);
    // What the ticket doesn't tell: which file of this computer it was, and where in the forge.
    const cause = error instanceof BuildError ? error.cause : error;
    if (cause === error || isSystemError(cause)) this.#init.onError(cause);
    await this.#sayWhenThereIsRoom(
      () => tickets.fail(itid, 'The generation failed', message, detail),
      signal,
    );
  }

  /**
   * Others may have filled the disk: then nothing else could be built either, and the next ticket waits, too.
   */
  async #sayWhenThereIsRoom(say: () => unknown, signal: AbortSignal): Promise<void> {
    try {
      say();
      return;
    } catch (error) {
      this.#init.onError(error);
    }
    for (;;) {
      await sleep(this.#init.clock, untilRoomMs, signal).catch(() => undefined);
      try {
        say();
        return;
      } catch (error) {
        if (signal.aborted) throw error;
      }
    }
  }

  async #build(ticket: TicketRecord, workDir: string, log: TicketLog, signal: AbortSignal): Promise<void> {
    const { tickets, data, cacheDir, cacheLimit } = this.#init;
    const inputs = await buildInputs(ticket, data);
    const request: BuildRequest = {
      ...inputs,
      workDir,
      cacheDir,
      ...(cacheLimit !== undefined && { cacheLimit }),
    };
    const observer: BuildObserver = {
      progress: (progress) => this.#progress(ticket.id, progress),
      log: (line) => log.line(line),
      measured: (figure) => this.#init.measured?.(figure),
    };
    if (request.image.simulated === true) {
      const wouldInstall = await simulate(request, observer, signal);
      signal.throwIfAborted();
      await wipe(workDir);
      log.line(`Simulated: ${wouldInstall.length} packages, no image`);
      tickets.finish(
        ticket.id,
        `Done, simulated on ${this.#date()}${without(request)}`,
        undefined,
        wouldInstall,
      );
      return;
    }
    const artifact = await build(request, observer, signal);
    const { path, packages, filesDir, ...file } = artifact;
    const noRoom = this.#init.noRoomFor(ticket, file.size);
    if (noRoom !== undefined) throw new BuildError(noRoom);
    await mkdir(data.image(ticket.id), { recursive: true, mode: 0o700 });
    await rename(path, join(data.image(ticket.id), file.fileName));
    if (filesDir !== undefined) await rename(filesDir, data.imageFiles(ticket.id));
    signal.throwIfAborted();
    log.line(`Done: ${file.fileName}, ${file.size} bytes, sha256 ${file.sha256}`);
    tickets.finish(ticket.id, `Done, created on ${this.#date()}${without(request)}`, file, packages);
  }

  #date(): string {
    return `${new Date(this.#init.clock.now()).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  }

  /** A disk too full to store progress fails the build by itself, with a better sentence. */
  #progress(itid: number, progress: BuildProgress): void {
    try {
      this.#init.tickets.progress(itid, progress);
    } catch (error) {
      this.#init.onError(error);
    }
  }

  #record(itid: number, why: Stop): void {
    if (why === 'cancelled') this.#init.tickets.cancelled(itid, 'Cancelled');
    else this.#init.tickets.fail(itid, 'The generation failed', stoppedMessage, '');
  }
}

/** A bundle that was not for this image is told with the good news: “without clouds-only 1”. */
function without(request: BuildRequest): string {
  const names = bundlesLeftOut(request);
  return names.length === 0 ? '' : `, without ${names.join(', ')}`;
}

function asFailure(error: unknown): { readonly message: string; readonly detail: string } {
  if (error instanceof BuildError) return { message: error.message, detail: error.detail };
  if (!(error instanceof Error)) return { message: String(error), detail: '' };
  // SQLite's words, and the kernel's: the image was made, and there was no room to move it or to put down
  // that it is done.
  if (isDiskFull(error)) {
    return {
      message:
        'The disk is full: the image is made, and there is no room to keep it. Free some and generate it again.',
      detail: '',
    };
  }
  return { message: systemSentence(error) ?? error.message, detail: '' };
}
