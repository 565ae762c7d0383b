import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { targetFormatNamed } from '../../../src/appliance/catalog/targetFormats.ts';
import { targetFormats, wipe } from '../../../src/builder/index.ts';
import { checkImage } from '../../support/checkImage.ts';
import { exampleTemplate, startBuild, temporaryFolder } from '../../support/builds.ts';

/** One root for each system, all formats from those, two at a time: what differs between two of them is a conversion. */
suite(
  'every target format is what tools that are not ours take it for',
  { concurrency: 2, timeout: 1_800_000 },
  () => {
    for (const { name } of targetFormats) {
      test(name, async () => {
        await using folder = await temporaryFolder();
        const facts = targetFormatNamed(name);
        const { template, filesDir } = await exampleTemplate('minimal');
        // One is enough: cloud-init takes as long as all the rest.
        const installation = { ...template.stack.installation, cloudInit: name === 'OpenStack QCOW2' };
        const stack = { ...template.stack, installation };
        const { artifact } = await startBuild(
          folder.path,
          { template: { stack }, filesDir },
          {
            targetFormat: { name },
            compress: facts?.compress ?? true,
            ...(facts?.entrypoint === true && { entrypoint: '["/bin/sh"]' }),
            installProfile: { memorySize: 512, diskSize: 1024 },
          },
        );
        const image = await artifact;
        assert.ok(image.size > 1000 || image.filesDir !== undefined);
        const seen = join(folder.path, 'seen');
        await mkdir(seen);
        assert.notEqual(await checkImage(name, image, seen), '');
        await wipe(seen);
      });
    }
  },
);
