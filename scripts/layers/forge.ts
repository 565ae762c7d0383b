import { join } from 'node:path';
import { runMain } from '../lib/interruption.ts';
import { root } from '../lib/root.ts';
import { alone, type Layer } from './layer.ts';
import { runNodeTests } from './nodeTests.ts';

/** The real forge with real tools: it builds images and boots them. Packages are cached from run to run. */
export const forge: Layer = (args, signal) =>
  runNodeTests({
    files: 'test/forge/**/*.test.ts',
    args,
    minutes: 35,
    env: { FORGE_CACHE: process.env['FORGE_CACHE'] ?? join(root, '.cache/forge') },
    signal,
  });

if (import.meta.main) await runMain(alone('forge', forge));
