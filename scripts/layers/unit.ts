import { runMain } from '../lib/interruption.ts';
import { alone, type Layer } from './layer.ts';
import { runNodeTests } from './nodeTests.ts';

/** Images are built on Linux, with its tools: elsewhere the builder's tests have nothing to run. */
const hasBuilder = process.platform === 'linux';

/** Rules and formats, without a process, a server or an editor: seconds. */
export const unit: Layer = async (args, signal) => {
  const files = hasBuilder ? 'test/unit/**/*.test.ts' : 'test/unit/!(builder)/**/*.test.ts';
  const result = await runNodeTests({ files, args, minutes: 8, signal });
  if (!hasBuilder) result.notes.push('the tests of the builder run on Linux only');
  return result;
};

if (import.meta.main) await runMain(alone('unit', unit));
