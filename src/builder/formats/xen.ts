import { cloudSystem } from '../plan/systems.ts';
import { qcow2File } from './diskFiles.ts';
import { diskFiles, roomFor } from './diskFormat.ts';
import type { ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { archived } from './steps.ts';

/** A disk and its configuration for xl. The machine starts like any PC and then uses Xen's own disk and card. */
export const xen: ImageFormat = {
  info: infoOf('Xen', 'A disk and a configuration for xl, Xen’s command (tar archive).'),
  system: cloudSystem,
  room: (plan) => ({ convert: roomFor(qcow2File, plan), pack: 1 }),
  convert: async ({ disks }, context) => await diskFiles(qcow2File, disks, context),
  async pack(converted, _output, context) {
    const { fileBase, memorySize, hostname } = context.plan;
    const disks = converted.map((path, index) => ({
      name: `${fileBase}/disk${index + 1}.qcow2`,
      content: { path },
    }));
    const configuration = xlConfiguration(hostname, memorySize, disks.length);
    const files = [{ name: `${fileBase}/${hostname}.cfg`, content: Buffer.from(configuration) }, ...disks];
    return { path: await archived(files, 'tar', context), extension: 'tar', mimeType: 'application/x-tar' };
  },
};

function xlConfiguration(name: string, memorySize: number, disks: number): string {
  const drives = Array.from(
    { length: disks },
    (_, index) =>
      `"format=qcow2, vdev=xvd${String.fromCharCode(97 + index)}, access=rw, target=disk${index + 1}.qcow2"`,
  );
  return `# cd here, then: xl create -c ${name}.cfg
type = "hvm"
name = "${name}"
memory = ${memorySize}
vcpus = 2
disk = [ ${drives.join(', ')} ]
vif = [ "type=vif" ]
serial = "pty"
`;
}
