import { runMain } from '../lib/interruption.ts';
import { alone, type Layer } from './layer.ts';
import { runNodeTests } from './nodeTests.ts';

/** Rules and formats, without a process, a server or an editor: seconds. */
export const unit: Layer = (args, signal) =>
  runNodeTests({ files: 'test/unit/**/*.test.ts', args, minutes: 8, signal });

if (import.meta.main) await runMain(alone('unit', unit));
