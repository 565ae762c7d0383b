import { randomUUID } from 'node:crypto';
import { imageIds, type Ticket } from '../../tickets/ticket.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import type { Clock } from '../../uforge/clock.ts';
import { listedPackages } from './packageList.ts';
import { cycloneDx, spdx } from './sbom.ts';

/** The formats of a bill of materials, with the end of a file's name that says so. */
export const sbomEndings = { cyclonedx: 'cdx.json', spdx: 'spdx.json' } as const;

export type SbomFormat = keyof typeof sbomEndings;

/** What is in a finished image, as its server says (`machineImagePkg_getAll`): a JSON document. */
export async function billOfMaterials(
  ticket: Ticket,
  format: SbomFormat,
  client: UForgeClient,
  clock: Clock,
  signal?: AbortSignal,
): Promise<string> {
  const [image, { imagePkgs }] = await Promise.all([
    client.machineImage_get(imageIds(ticket), { signal }),
    client.machineImagePkg_getAll(imageIds(ticket), { signal }),
  ]);
  const subject = {
    name: ticket.applianceName,
    version: ticket.applianceVersion,
    targetFormat: ticket.targetFormat,
    distribution: image.distributionName,
    fileName: image.fileName,
    sha256: image.sha256sum,
    packages: listedPackages(imagePkgs),
    created: new Date(clock.now()),
    id: randomUUID(),
  };
  const document = format === 'cyclonedx' ? cycloneDx(subject) : spdx(subject);
  return `${JSON.stringify(document, null, 2)}\n`;
}
