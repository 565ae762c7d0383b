import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runMain } from '../lib/interruption.ts';
import { root } from '../lib/root.ts';
import { packageQuietly } from '../vscode/vsix.ts';
import { alone, type Layer } from './layer.ts';
import { runNodeTests } from './nodeTests.ts';

/** A person's way through the packaged extension, in a browser. Pictures of it stay in test-results/e2e. */
export const e2e: Layer = async (args, signal) => {
  const results = join(root, 'test-results/e2e');
  await rm(results, { recursive: true, force: true });
  await mkdir(results, { recursive: true });
  return runNodeTests({
    files: 'test/e2e/**/*.test.ts',
    args,
    minutes: 12,
    env: {
      FORGE_CACHE: process.env['FORGE_CACHE'] ?? join(root, '.cache/forge'),
      E2E_VSIX: await packageQuietly(join(results, 'appliance-forge.vsix'), signal),
      E2E_RESULTS: results,
    },
    signal,
  });
};

if (import.meta.main) await runMain(alone('e2e', e2e));
