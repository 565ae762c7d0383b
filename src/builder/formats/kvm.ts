import { cloudSystem } from '../plan/systems.ts';
import { qcow2File } from './diskFiles.ts';
import { diskFiles, roomFor } from './diskFormat.ts';
import type { ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { archived } from './steps.ts';

/** A disk and the script that starts it. */
export const kvm: ImageFormat = {
  info: infoOf('KVM', 'A disk for KVM and launch.sh, a script that starts it (tar archive).'),
  system: cloudSystem,
  room: (plan) => ({ convert: roomFor(qcow2File, plan), pack: 1 }),
  convert: async ({ disks }, context) => await diskFiles(qcow2File, disks, context),
  async pack(converted, _output, context) {
    const { fileBase, memorySize } = context.plan;
    const disks = converted.map((path, index) => ({
      name: `${fileBase}/disk${index + 1}.qcow2`,
      content: { path },
    }));
    const script = Buffer.from(launchScript(disks.length, memorySize));
    const files = [{ name: `${fileBase}/launch.sh`, content: script, executable: true }, ...disks];
    return { path: await archived(files, 'tar', context), extension: 'tar', mimeType: 'application/x-tar' };
  },
};

function launchScript(disks: number, memorySize: number): string {
  const drives = Array.from(
    { length: disks },
    (_, index) => `  -drive if=virtio,format=qcow2,file=disk${index + 1}.qcow2 \\`,
  );
  return `#!/bin/sh
# Starts the appliance; its console is this terminal. What is given goes to QEMU, for example -snapshot.
# MEMORY: in MB (${memorySize} unless set). CPUS: how many (2). FORWARD: ports of this computer, for example
# FORWARD=hostfwd=tcp:127.0.0.1:8080-:80
set -eu
cd "$(dirname "$0")"
exec qemu-system-x86_64 -accel kvm -accel tcg -cpu max -smp "\${CPUS:-2}" -m "\${MEMORY:-${memorySize}}" \\
  -nographic -device virtio-rng-pci \\
${drives.join('\n')}
  -netdev "user,id=net0\${FORWARD:+,$FORWARD}" -device virtio-net-pci,netdev=net0 "$@"
`;
}
