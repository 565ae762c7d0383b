import type { Environment } from '../../../src/cli/environment.ts';
import type { Output } from '../../../src/cli/reporter.ts';
import { systemClock } from '../../../src/uforge/clock.ts';

/** Keeps what is written. */
export class Written implements Output {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number | undefined;

  constructor(isTTY = false, columns?: number) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }

  get lines(): readonly string[] {
    return this.text.split('\n').filter((line) => line !== '');
  }
}

/** An environment in which nothing of this computer's user is found. */
export function environment(
  overrides: Partial<Environment> = {},
): Environment & { out: Written; errors: Written } {
  return {
    env: {},
    clock: systemClock,
    forgeScript: '/nonexistent/forge.js',
    dataDir: '/nonexistent/data',
    signal: new AbortController().signal,
    ...overrides,
    out: new Written(),
    errors: new Written(),
  };
}
