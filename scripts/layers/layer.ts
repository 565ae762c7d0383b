/** What a layer of the tests reports: it is green only when something passed and nothing failed. */
export interface LayerResult {
  passed: number;
  failed: number;
  /** Sentences for the summary: why it is red although no test failed, what was skipped. */
  notes: string[];
}

/** `args` come from the command line after `--`: files, options. */
export type Layer = (args: string[], signal: AbortSignal) => Promise<LayerResult>;

export const isGreen = (result: LayerResult): boolean => result.failed === 0 && result.passed > 0;

/** One line for people and for CI: `host: 12 passed, 0 failed`. */
export function summaryLine(name: string, result: LayerResult): string {
  const notes = result.passed + result.failed === 0 ? ['no test ran', ...result.notes] : result.notes;
  return `${name}: ${result.passed} passed, ${result.failed} failed${notes.map((note) => `; ${note}`).join('')}`;
}

/** The main function of a layer that is run alone. */
export function alone(name: string, layer: Layer): (args: string[], signal: AbortSignal) => Promise<number> {
  return async (args, signal) => {
    const result = await layer(args, signal);
    console.log(summaryLine(name, result));
    return isGreen(result) ? 0 : 1;
  };
}
