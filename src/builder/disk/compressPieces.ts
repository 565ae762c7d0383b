import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { threadProgram } from '../threadProgram.ts';
import { roomFor, type Batch, type Compressed, type CompressorData } from './compression.ts';

/** Each takes 35 MB or so, and the forge is to get by with 200. */
const mostThreads = 2;
/** What goes to a thread at once; bytes before compression. */
const batchSize = 2 ** 20;
/** One is being compressed, the next one is there already. */
const batchesPerThread = 2;

export interface CompressPieces extends CompressorData {
  /** Which pieces, counted from 0 at the start of the file. */
  readonly pieces: Iterable<number>;
  readonly signal: AbortSignal;
}

/**
 * A piece of the file, compressed; `bytes` is undefined where there are nothing but zeros. The memory is used again: it
 * is over when the next piece is asked for.
 */
export interface CompressedPiece {
  readonly index: number;
  readonly bytes: Buffer | undefined;
}

/**
 * Compresses pieces of a file, each on its own, with all processors, and yields them in their order.
 * @throws the signal's reason, or what reading the file has thrown
 */
export async function* compressPieces(request: CompressPieces): AsyncGenerator<CompressedPiece> {
  const { pieces, signal, ...data } = request;
  signal.throwIfAborted();
  const threads = Array.from(
    { length: Math.min(availableParallelism(), mostThreads) },
    () => new CompressorThread(data),
  );
  const batchLength = Math.max(1, Math.floor(batchSize / data.pieceSize));
  try {
    const underWay: UnderWay[] = [];
    const rooms: ArrayBuffer[] = [];
    let next = 0;
    for (const batch of batchesOf(pieces, batchLength)) {
      const thread = threads[next++ % threads.length];
      if (thread === undefined) break;
      const room = rooms.pop() ?? new ArrayBuffer(roomFor(batchLength, data.pieceSize));
      underWay.push({ pieces: batch, compressed: thread.compress({ pieces: batch, room }) });
      if (underWay.length < threads.length * batchesPerThread) continue;
      const [oldest] = underWay.splice(0, 1);
      if (oldest !== undefined) rooms.push(yield* finished(oldest, signal));
    }
    for (const work of underWay) yield* finished(work, signal);
  } finally {
    await Promise.all(threads.map((thread) => thread[Symbol.asyncDispose]()));
  }
}

interface UnderWay {
  readonly pieces: readonly number[];
  readonly compressed: Promise<Compressed>;
}

/** Returns the memory, which nobody uses any more. */
async function* finished(work: UnderWay, signal: AbortSignal): AsyncGenerator<CompressedPiece, ArrayBuffer> {
  const { lengths, room } = await work.compressed;
  let from = 0;
  for (const [at, index] of work.pieces.entries()) {
    signal.throwIfAborted();
    const length = lengths[at] ?? 0;
    yield { index, bytes: length === 0 ? undefined : Buffer.from(room, from, length) };
    from += length;
  }
  return room;
}

function* batchesOf(pieces: Iterable<number>, length: number): Generator<number[]> {
  let batch: number[] = [];
  for (const piece of pieces) {
    batch.push(piece);
    if (batch.length < length) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** One thread; it answers in the order of what it was given. */
class CompressorThread implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #waiting: PromiseWithResolvers<Compressed>[] = [];
  #failure: unknown;

  constructor(data: CompressorData) {
    // What it keeps is small: without a limit, V8 lets its heap grow all the same.
    const resourceLimits = { maxYoungGenerationSizeMb: 2 };
    this.#worker = new Worker(threadProgram('compressor', import.meta.url), {
      workerData: data,
      resourceLimits,
    });
    this.#worker.on('message', (compressed: Compressed) => this.#waiting.shift()?.resolve(compressed));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('A thread that compresses has ended.')));
  }

  compress(batch: Batch): Promise<Compressed> {
    const answer = Promise.withResolvers<Compressed>();
    // Who asked may have stopped listening by the time it fails.
    answer.promise.catch(() => undefined);
    if (this.#failure === undefined) {
      this.#waiting.push(answer);
      this.#worker.postMessage(batch, [batch.room]);
    } else answer.reject(this.#failure);
    return answer.promise;
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
