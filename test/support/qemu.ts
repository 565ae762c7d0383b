import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** A machine to boot an image on. */
export interface Machine {
  readonly disk?: string;
  /** The machine writes to its disks; else what it changes is thrown away. */
  readonly keepsChanges?: boolean;
  /** Further disks of the same format. */
  readonly moreDisks?: readonly string[];
  /** Network cards; one unless told. Only the first leads anywhere. */
  readonly cards?: number;
  readonly diskFormat?: 'qcow2' | 'raw' | 'vmdk' | 'vhdx' | 'vpc' | 'vdi';
  /**
   * `virtio`: QEMU's own hardware. `virtualBox`: an AHCI disk and an Intel e1000 card, as VirtualBox gives.
   * `vmware`: a PVSCSI disk and a vmxnet3 card. `ide`: an old PC's disk, with an e1000 card. `nvme` and
   * `virtioScsi`: what machines at Amazon and Google have for disks, with a virtio card.
   */
  readonly hardware: 'virtio' | 'virtualBox' | 'vmware' | 'ide' | 'nvme' | 'virtioScsi';
  /** A CD image in the drive; the machine starts from it when it has no disk. */
  readonly cdrom?: string;
  /** Starts over the network: a folder that TFTP serves, and the file in it that iPXE runs. */
  readonly network?: { readonly folder: string; readonly file: string };
  readonly firmware?: 'bios' | 'uefi';
  /** What the firmware says of the machine, as QEMU's `-smbios` takes it: clouds are told by it. */
  readonly smbios?: string;
  /** A port of this computer that answers at 169.254.169.254, where clouds have their metadata. */
  readonly metadataPort?: number;
  /** A port of this computer that leads to the machine's SSH. */
  readonly sshPort?: number;
  /** MB; 512 unless told. */
  readonly memory?: number;
}

/** What to type when the console has shown something new that matches. */
export interface Turn {
  readonly expect: RegExp;
  readonly send: string;
}

/** How a boot went: what stood on the serial console, and whether all that was waited for came. */
export interface Boot {
  readonly reached: boolean;
  readonly console: string;
  readonly accelerator: 'kvm' | 'tcg';
}

/** What no boot recovers from: waiting longer would only cost time. */
const hopeless = /Kernel panic - not syncing|\(initramfs\) |grub rescue>|Entering emergency mode/;

const ovmf = { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', variables: '/usr/share/OVMF/OVMF_VARS_4M.fd' };

/**
 * Boots a machine and reads its serial console until all patterns have been seen. KVM first: that `/dev/kvm`
 * opens proves nothing, so a machine that says nothing within a short time is tried again without. QEMU is
 * dead when this settles.
 */
export async function boot(
  machine: Machine,
  patterns: readonly RegExp[],
  {
    timeoutMs,
    signal,
    dialogue = [],
  }: { timeoutMs: number; signal?: AbortSignal; dialogue?: readonly Turn[] },
): Promise<Boot> {
  const deadline = Date.now() + timeoutMs;
  const kvm = await attempt(machine, 'kvm', patterns, { deadline, silenceMs: 8000, signal, dialogue });
  if (kvm.reached || kvm.alive) return kvm;
  return attempt(machine, 'tcg', patterns, { deadline, silenceMs: timeoutMs, signal, dialogue });
}

async function attempt(
  machine: Machine,
  accelerator: 'kvm' | 'tcg',
  patterns: readonly RegExp[],
  limits: { deadline: number; silenceMs: number; signal: AbortSignal | undefined; dialogue: readonly Turn[] },
): Promise<Boot & { alive: boolean }> {
  const child = spawn('qemu-system-x86_64', await qemuArguments(machine, accelerator), {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const kill = (): void => void child.kill('SIGKILL');
  const timers = [setTimeout(kill, limits.deadline - Date.now())];
  // The firmware alone writes something; only a kernel's line proves that the accelerator works.
  const silence = setTimeout(kill, limits.silenceMs);
  timers.push(silence);
  limits.signal?.addEventListener('abort', kill);
  const waiting = new Set(patterns);
  let text = '';
  let alive = false;
  const turns = [...limits.dialogue];
  let answeredUpTo = 0;
  const hear = (chunk: string): void => {
    text += chunk;
    if (!alive && /systemd\[1\]|Linux version|Welcome to/.test(text)) {
      alive = true;
      clearTimeout(silence);
    }
    const turn = turns[0];
    if (turn?.expect.test(text.slice(answeredUpTo)) === true) {
      turns.shift();
      answeredUpTo = text.length;
      child.stdin.write(turn.send);
    }
    for (const pattern of waiting) if (pattern.test(text)) waiting.delete(pattern);
    if (waiting.size === 0 || hopeless.test(text)) kill();
  };
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('utf8').on('data', hear);
  createInterface({ input: child.stderr }).on('line', (line) => (text += `qemu: ${line}\n`));
  try {
    await closed;
  } finally {
    timers.forEach(clearTimeout);
    limits.signal?.removeEventListener('abort', kill);
    kill();
  }
  limits.signal?.throwIfAborted();
  return { reached: waiting.size === 0, console: text, accelerator, alive };
}

async function qemuArguments(machine: Machine, accelerator: 'kvm' | 'tcg'): Promise<string[]> {
  const firmware: string[] = [];
  if (machine.firmware === 'uefi') {
    const variables = `${machine.disk ?? machine.cdrom ?? ''}.vars`;
    await copyFile(ovmf.variables, variables);
    firmware.push('-drive', `if=pflash,format=raw,readonly=on,file=${ovmf.code}`);
    firmware.push('-drive', `if=pflash,format=raw,file=${variables}`);
  }
  const accelerated = accelerator === 'kvm' ? ['kvm', '-cpu', 'host'] : ['tcg,thread=multi', '-cpu', 'max'];
  return [
    ...['-accel', ...accelerated],
    ...['-machine', machine.hardware === 'virtualBox' || machine.firmware === 'uefi' ? 'q35' : 'pc'],
    ...firmware,
    ...[
      '-smp',
      '2',
      '-m',
      String(machine.memory ?? 512),
      '-no-reboot',
      '-display',
      'none',
      '-monitor',
      'none',
    ],
    ...['-serial', 'stdio'],
    ...(machine.hardware === 'vmware' ? ['-device', 'pvscsi,id=scsi'] : []),
    ...(machine.hardware === 'virtioScsi' ? ['-device', 'virtio-scsi-pci,id=scsi'] : []),
    ...disks(machine).flatMap((disk, index) => driveArguments(machine, disk, index)),
    ...(machine.cdrom === undefined ? [] : ['-drive', `media=cdrom,readonly=on,file=${machine.cdrom}`]),
    ...(machine.network === undefined ? [] : ['-boot', 'n']),
    ...(machine.smbios === undefined ? [] : ['-smbios', machine.smbios]),
    ...Array.from({ length: machine.cards ?? 1 }).flatMap((_each, index) => cardArguments(machine, index)),
  ];
}

function disks({ disk, moreDisks = [] }: Machine): readonly string[] {
  return disk === undefined ? [] : [disk, ...moreDisks];
}

function driveArguments(machine: Machine, disk: string, index: number): string[] {
  const { hardware, diskFormat = 'raw', keepsChanges = false } = machine;
  const drive = `format=${diskFormat},file=${disk},snapshot=${keepsChanges ? 'off' : 'on'}`;
  const device = {
    ...{ vmware: 'scsi-hd,bus=scsi.0', virtioScsi: 'scsi-hd,bus=scsi.0', nvme: `nvme,serial=disk${index}` },
    ...{ virtio: undefined, virtualBox: undefined, ide: undefined },
  }[hardware];
  if (device === undefined) return ['-drive', `if=${hardware === 'virtio' ? 'virtio' : 'ide'},${drive}`];
  return ['-drive', `if=none,id=disk${index},${drive}`, '-device', `${device},drive=disk${index}`];
}

/** Only the first card leads anywhere; what the machine loads from its network is served there. */
function cardArguments({ hardware, network, metadataPort, sshPort }: Machine, index: number): string[] {
  const card = {
    ...{ virtio: 'virtio-net-pci', virtioScsi: 'virtio-net-pci', nvme: 'virtio-net-pci' },
    ...{ virtualBox: 'e1000', vmware: 'vmxnet3', ide: 'e1000' },
  }[hardware];
  const served = network === undefined ? '' : `,tftp=${network.folder},bootfile=${network.file}`;
  // Only addresses of the machine's own network can be led elsewhere; each connection is a process.
  const connect = `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${metadataPort ?? 0} 4<&0; cat <&4 >&3 & exec cat <&3'`;
  const cloud =
    metadataPort === undefined
      ? ''
      : `,net=169.254.0.0/16,dhcpstart=169.254.1.15,guestfwd=tcp:169.254.169.254:80-cmd:${connect}`;
  const ssh = sshPort === undefined ? '' : `,hostfwd=tcp:127.0.0.1:${sshPort}-:22`;
  const net = `user,id=net${index}${index === 0 ? `${served}${cloud}${ssh}` : ',restrict=on'}`;
  return ['-netdev', net, '-device', `${card},netdev=net${index}`];
}
