import { statfs } from 'node:fs/promises';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BuildFigure } from '../../../builder/index.ts';
import type { Forge } from '../../process/forge.ts';

/** What a forge measures of itself, in the text format of Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'method' | 'status'>;
  readonly #seconds: Histogram<'stage'>;
  readonly #cache: Counter<'kind' | 'result'>;

  constructor() {
    const registers = [this.#registry];
    this.#requests = new Counter({
      ...{
        name: 'forge_requests_total',
        help: 'Requests answered.',
        labelNames: ['method', 'status'],
        registers,
      },
    });
    this.#seconds = new Histogram({
      ...{
        name: 'forge_stage_seconds',
        help: 'What the stages of builds took.',
        labelNames: ['stage'],
        registers,
      },
      buckets: [0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600],
    });
    this.#cache = new Counter({
      name: 'forge_cache_requests_total',
      help: 'Outputs of stages that the cache had (hit) or that had to be made (miss).',
      ...{ labelNames: ['kind', 'result'], registers },
    });
  }

  answered(method: string, status: number): void {
    this.#requests.inc({ method, status: String(status) });
  }

  built(figure: BuildFigure): void {
    if ('stage' in figure) this.#seconds.observe({ stage: figure.stage }, figure.tookMs / 1000);
    else this.#cache.inc({ kind: figure.kind, result: figure.fromCache ? 'hit' : 'miss' });
  }

  /** What is looked up whenever somebody asks, and what the process says of itself (memory, event loop). */
  watch(forge: Forge): void {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, prefix: 'forge_' });
    new Gauge({
      ...{ name: 'forge_images', help: 'Image tickets by state and format.', registers },
      labelNames: ['state', 'format'],
      collect() {
        this.reset();
        for (const { state, format, count } of forge.tickets.counts()) this.set({ state, format }, count);
      },
    });
    new Gauge({
      ...{ name: 'forge_queue_length', help: 'Images that wait for their turn.', registers },
      collect() {
        this.set(forge.generations.waiting);
      },
    });
    new Gauge({
      ...{ name: 'forge_disk_free_bytes', help: 'Room on the disk of the data folder.', registers },
      async collect() {
        const { bavail, bsize } = await statfs(forge.data.root);
        this.set(bavail * bsize);
      },
    });
  }

  async text(): Promise<string> {
    return await this.#registry.metrics();
  }

  get mimeType(): string {
    return this.#registry.contentType;
  }
}
