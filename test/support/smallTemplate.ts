import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation, Os, Template } from '../../src/appliance/template/model/template.ts';
import { exampleTemplate } from './builds.ts';

/**
 * Says on the console what machine it is: release, file systems by mount point, and how many units have
 * failed.
 */
export const report = `#!/bin/sh
. /etc/os-release
echo "SYSTEM $ID $VERSION_ID"
findmnt --fstab --noheadings --raw --output TARGET | grep ^/ | while read -r target; do
  echo "MOUNTED $target $(findmnt -no FSTYPE "$target")"
done
resolvectl dns > /dev/null && echo 'RESOLVED'
echo "FAILED $(systemctl --failed --plain --no-legend | wc -l)"
`;

/**
 * The smallest appliance, on a system and with an installation of the test's, that reports at each boot: a
 * script says what.
 */
export async function smallTemplate(
  folder: string,
  os: Partial<Os>,
  installation: Installation = {},
  script = report,
): Promise<{ template: Template; filesDir: string }> {
  const { template } = await exampleTemplate('minimal');
  const filesDir = join(folder, 'source');
  await mkdir(filesDir);
  await writeFile(join(filesDir, 'report.sh'), script);
  const { stack } = template;
  return {
    filesDir,
    template: {
      stack: {
        ...stack,
        os: { ...stack.os, ...os },
        installation: { ...stack.installation, ...installation },
        config: [{ name: 'report', source: 'report.sh', type: 'bootscript', frequency: 'everyboot' }],
      },
    },
  };
}
