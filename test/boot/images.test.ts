import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { test } from 'node:test';
import { targetFormatNamed } from '../../src/appliance/catalog/targetFormats.ts';
import { exampleTemplate, startBuild, temporaryFolder } from '../support/builds.ts';
import { starts } from '../support/imageStarts.ts';

/** What examples/nginx says on the console when its first-boot script has run, or a container's entrypoint. */
const ready = /APPLIANCE-READY nginx \d|nginx version: nginx\/\d[^]*CONTAINER-42/;
const entrypoint = '["/bin/sh", "-c", "nginx -v 2>&1; echo CONTAINER-$((40+2))"]';

for (const { format: name, on, start } of starts) {
  test(`${name}: ${on}`, { timeout: 1_200_000 }, async () => {
    await using folder = await temporaryFolder();
    const facts = targetFormatNamed(name);
    const { artifact } = await startBuild(folder.path, await exampleTemplate('nginx'), {
      ...{ targetFormat: { name }, compress: facts?.compress ?? true, installProfile: { diskSize: 2048 } },
      ...(facts?.entrypoint === true && { entrypoint }),
    });
    const seen = join(folder.path, 'seen');
    await mkdir(seen);
    await start(await artifact, seen, ready);
  });
}
