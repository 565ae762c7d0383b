import type { Plan } from '../plan/plan.ts';
import { qcow2File } from './diskFiles.ts';
import { disksAs, roomFor } from './diskImage.ts';
import { cardsOf } from '../plan/network.ts';
import type { ImageMaking } from './format.ts';
import { archived, archivedDisks } from './steps.ts';

/** A disk and its configuration for xl. The machine starts like any PC and then uses Xen's own disk and card. */
export const xen: ImageMaking = {
  shape: 'Xen archive',
  ...disksAs(qcow2File),
  room: (plan) => ({ convert: roomFor(qcow2File, plan), pack: 1 }),
  async pack(context) {
    const { fileBase, hostname, network } = context.plan;
    const disks = archivedDisks(context, qcow2File.extension);
    const configuration = xlConfiguration(hostname, context.plan, disks.length, cardsOf(network).length);
    const files = [{ name: `${fileBase}/${hostname}.cfg`, content: Buffer.from(configuration) }, ...disks];
    await archived(files, 'tar', context);
  },
};

export function xlConfiguration(
  name: string,
  { memorySize, cpus = 2 }: Pick<Plan, 'memorySize' | 'cpus'>,
  disks: number,
  cards: number,
): string {
  const drives = Array.from(
    { length: disks },
    (_, index) =>
      `"format=qcow2, vdev=xvd${String.fromCharCode(97 + index)}, access=rw, target=disk${index + 1}.qcow2"`,
  );
  return `# cd here, then: xl create -c ${name}.cfg
type = "hvm"
name = "${name}"
memory = ${memorySize}
vcpus = ${cpus}
disk = [ ${drives.join(', ')} ]
vif = [ ${Array.from({ length: cards }, () => '"type=vif"').join(', ')} ]
serial = "pty"
`;
}
