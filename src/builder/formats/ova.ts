import { writeOva } from '../disk/ova.ts';
import type { OvfHardware } from '../disk/ovf.ts';
import type { Plan } from '../plan/plan.ts';
import { vmdkFile } from './diskFiles.ts';
import { disksAs, roomFor } from './diskImage.ts';
import type { ImageMaking } from './format.ts';
import { bytesReporter, diskFilesIn, imageIn } from './steps.ts';

/** An OVA: machine description and disks in one file. */
export function ova(hardware: (plan: Plan) => OvfHardware): ImageMaking {
  return {
    shape: hardware === virtualBoxHardware ? 'OVA of VirtualBox' : 'OVA of VMware',
    ...disksAs(vmdkFile),
    room: (plan) => ({ convert: roomFor(vmdkFile, plan), pack: 1 }),
    async pack(context) {
      const { plan, from, into, signal } = context;
      await writeOva({
        ...{ plan, signal },
        hardware: hardware(plan),
        vmdks: diskFilesIn(from, plan, vmdkFile.extension),
        target: imageIn(into, 'ova'),
        onProgress: bytesReporter(context, 'writing the OVA'),
      });
    },
  };
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
