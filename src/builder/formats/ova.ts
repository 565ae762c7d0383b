import { stat } from 'node:fs/promises';
import type { ArchiveFile } from '../disk/archive.ts';
import { ovfDescriptor, type OvfHardware } from '../disk/ovf.ts';
import { cardsOf } from '../plan/network.ts';
import type { Plan } from '../plan/plan.ts';
import { vmdkFile } from './diskFiles.ts';
import { disksAs, roomFor } from './diskImage.ts';
import type { FormatContext, ImageMaking } from './format.ts';
import { archived, diskFilesIn } from './steps.ts';

/** An OVA: the OVF first, then the disks, then the manifest with the SHA-256 of all of them (DSP0243, 6). */
export function ova(hardware: (plan: Plan) => OvfHardware): ImageMaking {
  return {
    shape: hardware === virtualBoxHardware ? 'OVA of VirtualBox' : 'OVA of VMware',
    ...disksAs(vmdkFile),
    room: (plan) => ({ convert: roomFor(vmdkFile, plan), pack: 1 }),
    async pack(context) {
      const { plan } = context;
      const files = await ovfFiles(plan.fileBase, hardware(plan), context);
      await archived([...files, { name: `${plan.fileBase}.mf`, content: manifest }], 'ova', context);
    },
  };
}

/** The machine's description and its disks, streamOptimized VMDKs, all called after `base`. */
export async function ovfFiles(
  base: string,
  hardware: OvfHardware,
  { plan, from }: FormatContext,
): Promise<ArchiveFile[]> {
  const vmdks = diskFilesIn(from, plan, vmdkFile.extension);
  const disks = await Promise.all(
    vmdks.map(async (path, index) => ({
      ...{ fileName: `${base}-disk${index + 1}.vmdk`, content: { path } },
      fileSize: (await stat(path)).size,
      size: plan.disks[index]?.size ?? 0,
    })),
  );
  const { applianceName: name, memorySize, cpus = 1, network } = plan;
  const ovf = ovfDescriptor({ name, memorySize, cpus, hardware, disks, cards: cardsOf(network) });
  return [
    { name: `${base}.ovf`, content: Buffer.from(ovf) },
    ...disks.map(({ fileName: name, content }) => ({ name, content })),
  ];
}

function manifest(hashes: ReadonlyMap<string, string>): Buffer {
  return Buffer.from([...hashes].map(([name, hash]) => `SHA256 (${name}) = ${hash}\n`).join(''));
}

/** What VirtualBox itself gives a Debian machine. */
export function virtualBoxHardware(): OvfHardware {
  return { family: 'virtualbox-2.2', controller: 'AHCI', card: 'E1000' };
}

/** VMware's hardware in the version asked for (`hwType`); 9 is ESXi 5.1's, which all of today's import. */
export function vmware(
  controller: 'lsilogic' | 'VirtualSCSI',
  card: OvfHardware['card'],
): (plan: Plan) => OvfHardware {
  return ({ hardwareType = '9' }) => ({ family: `vmx-${hardwareType.padStart(2, '0')}`, controller, card });
}
