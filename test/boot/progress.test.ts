import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildProgress } from '../../src/builder/index.ts';
import { exampleNeverBuilt, startBuild, temporaryFolder } from '../support/builds.ts';

/** Stages that take less are over before there is anything to tell. */
const tellingMs = 3000;

for (const name of ['VirtualBox', 'Google Compute Engine', 'ISO', 'PXE', 'LXC Container', 'Docker']) {
  test(
    `${name}: the percentage never goes back, and each stage that takes time moves`,
    { timeout: 1_200_000 },
    async () => {
      await using folder = await temporaryFolder();
      const began = new Map<string, number>();
      const moments = new Map<string, Set<string>>();
      let last: BuildProgress | undefined;
      const percentages: number[] = [];
      const { artifact } = await startBuild(
        folder.path,
        await exampleNeverBuilt('nginx'),
        {
          compress: true,
          targetFormat: { name },
          installProfile: { diskSize: 2048 },
          ...(name === 'Docker' && { entrypoint: '["/bin/sh"]' }),
        },
        {
          onProgress: (step) => {
            percentages.push(step.percentage);
            if (last?.stage !== step.stage) began.set(step.stage, performance.now());
            last = step;
            const seen = moments.get(step.stage) ?? new Set();
            moments.set(step.stage, seen.add(`${step.percentage} ${step.message} ${step.bytesLoaded ?? ''}`));
          },
        },
      );
      await artifact;
      const ended = performance.now();
      assert.deepEqual(
        percentages,
        percentages.toSorted((a, b) => a - b),
      );
      assert.ok((percentages.at(-1) ?? 0) >= 95, `it ends at ${percentages.at(-1) ?? 0} %`);
      const starts = [...began.entries()];
      for (const [index, [stage, start]] of starts.entries()) {
        const took = (starts[index + 1]?.[1] ?? ended) - start;
        const steps = moments.get(stage)?.size ?? 0;
        if (took >= tellingMs)
          assert.ok(steps >= 4, `“${stage}” told ${steps} things in ${Math.round(took)} ms`);
      }
    },
  );
}
