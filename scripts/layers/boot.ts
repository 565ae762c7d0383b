import { join } from 'node:path';
import { runMain } from '../lib/interruption.ts';
import { root } from '../lib/root.ts';
import { alone, type Layer } from './layer.ts';
import { runNodeTests } from './nodeTests.ts';

/**
 * The slow suite: finished images started on the hardware of their platforms. It is no part of `npm test`.
 */
export const boot: Layer = (args, signal) =>
  runNodeTests({
    files: 'test/boot/**/*.test.ts',
    args: ['--test-concurrency=1', ...args],
    minutes: 120,
    env: { FORGE_CACHE: process.env['FORGE_CACHE'] ?? join(root, '.cache/forge') },
    signal,
  });

if (import.meta.main) await runMain(alone('boot', boot));
