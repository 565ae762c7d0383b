import { join } from 'node:path';
import { writeOva } from '../disk/ova.ts';
import type { OvfHardware } from '../disk/ovf.ts';
import type { Plan } from '../plan/plan.ts';
import { genericSystem } from '../plan/systems.ts';
import { vmdkFile } from './diskFiles.ts';
import { diskFiles, roomFor } from './diskFormat.ts';
import type { ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { bytesReporter } from './steps.ts';

interface OvaFormat {
  readonly name: string;
  readonly description: string;
  readonly hardware: (plan: Plan) => OvfHardware;
}

/** A format that is an OVA: machine description and disks in one file. Only Debian's full kernel knows all its hardware. */
export function ovaFormat({ name, description, hardware }: OvaFormat): ImageFormat {
  return {
    info: infoOf(name, description),
    system: genericSystem,
    file: vmdkFile,
    room: (plan) => ({ convert: roomFor(vmdkFile, plan), pack: 1 }),
    convert: async ({ disks }, context) => await diskFiles(vmdkFile, disks, context),
    async pack(converted, { disks }, context) {
      const { plan, workDir, signal } = context;
      const path = join(workDir, 'packed.ova');
      await writeOva({
        plan,
        hardware: hardware(plan),
        vmdks: converted.map((vmdk, index) => ({ path: vmdk, size: disks[index]?.size ?? 0 })),
        target: path,
        signal,
        onProgress: bytesReporter(context, 'writing the OVA'),
      });
      return { path, extension: 'ova', mimeType: 'application/ovf' };
    },
  };
}

/** VMware's hardware in the version asked for (`hwType`); 9 is ESXi 5.1's, which all of today's import. */
export function vmware(
  controller: 'lsilogic' | 'VirtualSCSI',
  card: OvfHardware['card'],
): (plan: Plan) => OvfHardware {
  return ({ hardwareType = '9' }) => ({ family: `vmx-${hardwareType.padStart(2, '0')}`, controller, card });
}
