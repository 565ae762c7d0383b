import { suite, test } from 'node:test';
import { debianReleases } from '../../src/appliance/catalog/debianReleases.ts';
import { startBuild, temporaryFolder } from '../support/builds.ts';
import { boot } from '../support/boot.ts';
import { smallTemplate } from '../support/smallTemplate.ts';

const minutes = 60_000;

suite('every release the forge offers is built and starts', () => {
  for (const { version, codename } of debianReleases) {
    test(`Debian ${version}, ${codename}`, { timeout: 20 * minutes }, async () => {
      await using folder = await temporaryFolder();
      const { artifact } = await startBuild(folder.path, await smallTemplate(folder.path, { version }), {
        compress: false,
        targetFormat: { name: 'QCOW2' },
      });
      const { path } = await artifact;
      await boot(
        { path, targetFormat: 'QCOW2' },
        [new RegExp(`SYSTEM debian ${version}\\s[^]*RESOLVED\\s[^]*FAILED 0`), /minimal login:/],
        { timeoutMs: 10 * minutes },
      );
    });
  }
});
