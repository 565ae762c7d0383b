import type { Plan } from '../plan/plan.ts';
import { qcow2File } from './diskFiles.ts';
import { disksAs, roomFor } from './diskImage.ts';
import { cardsOf } from '../plan/network.ts';
import type { ImageMaking } from './format.ts';
import { archived, archivedDisks } from './steps.ts';

/** A disk and the script that starts it. */
export const kvm: ImageMaking = {
  shape: 'KVM archive',
  ...disksAs(qcow2File),
  room: (plan) => ({ convert: roomFor(qcow2File, plan), pack: 1 }),
  async pack(context) {
    const { fileBase, network } = context.plan;
    const disks = archivedDisks(context, qcow2File.extension);
    const script = Buffer.from(launchScript(disks.length, context.plan, cardsOf(network).length));
    const files = [{ name: `${fileBase}/launch.sh`, content: script, executable: true }, ...disks];
    await archived(files, 'tar', context);
  },
};

function launchScript(
  disks: number,
  { memorySize, cpus = 2 }: Pick<Plan, 'memorySize' | 'cpus'>,
  cards: number,
): string {
  const drives = Array.from(
    { length: disks },
    (_, index) => `  -drive if=virtio,format=qcow2,file=disk${index + 1}.qcow2 \\`,
  );
  const further = Array.from(
    { length: cards - 1 },
    (_, index) => ` \\\n  -netdev "user,id=net${index + 1}" -device virtio-net-pci,netdev=net${index + 1}`,
  );
  return `#!/bin/sh
# Starts the appliance; its console is this terminal. What is given goes to QEMU, for example -snapshot.
# MEMORY: in MB (${memorySize} unless set). CPUS: how many (${cpus}). FORWARD: ports of this computer, for example
# FORWARD=hostfwd=tcp:127.0.0.1:8080-:80
set -eu
cd "$(dirname "$0")"
exec qemu-system-x86_64 -accel kvm -accel tcg -cpu max -smp "\${CPUS:-${cpus}}" -m "\${MEMORY:-${memorySize}}" \\
  -nographic -device virtio-rng-pci \\
${drives.join('\n')}
  -netdev "user,id=net0\${FORWARD:+,$FORWARD}" -device virtio-net-pci,netdev=net0${further.join('')} "$@"
`;
}
