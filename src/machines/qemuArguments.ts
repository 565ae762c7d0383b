import type { Uefi } from './firmware.ts';
import type { Hardware } from './hardware.ts';
import type { Accelerator } from './model.ts';

/** All that QEMU has to know of a machine. Files without a folder are in the machine's own, where QEMU runs. */
export interface MachinePlan {
  readonly hardware: Hardware;
  readonly memoryMb: number;
  readonly cpus: number;
  readonly cards: number;
  /** Overlays, QCOW2. */
  readonly disks: readonly string[];
  readonly cds: readonly string[];
  /** `variables` are the machine's own. */
  readonly uefi?: Uefi;
  /** Starts over the network: a folder that TFTP serves, and the file in it that iPXE runs. */
  readonly network?: { readonly folder: string; readonly file: string };
  /** As `-smbios` takes them. */
  readonly smbios: readonly string[];
  /** A port of this computer that answers at 169.254.169.254, where clouds have their metadata. */
  readonly metadataPort?: number;
  /** The socket of the screen. */
  readonly screen: string;
}

/** The first network of a machine: its ports are forwarded from there. */
export const firstNetwork = 'net0';

/** Paused, with its monitor and its console on file descriptors that it inherits. */
export function qemuArguments(
  plan: MachinePlan,
  accelerator: Accelerator,
  descriptors: { readonly monitor: number; readonly console: number; readonly firmware: number },
): readonly string[] {
  const { hardware, uefi, network } = plan;
  const isNew = hardware.disk === 'ahci' || uefi !== undefined;
  return [
    '-nodefaults',
    '-S',
    ...['-accel', accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi'],
    ...['-cpu', accelerator === 'kvm' ? 'host' : 'max'],
    ...['-machine', isNew ? 'q35' : 'pc'],
    ...['-smp', String(plan.cpus), '-m', String(plan.memoryMb)],
    ...['-device', 'VGA', '-display', 'none', '-vnc', `unix:${quoted(plan.screen)}`],
    ...['-chardev', `socket,id=monitor,fd=${descriptors.monitor}`, '-mon', 'chardev=monitor,mode=control'],
    ...['-chardev', `socket,id=console,fd=${descriptors.console}`, '-serial', 'chardev:console'],
    // Where SeaBIOS says what it does, and that it finds nothing to start: on the screen nobody may look.
    ...['-chardev', `socket,id=firmware,fd=${descriptors.firmware}`],
    ...['-device', 'isa-debugcon,iobase=0x402,chardev=firmware'],
    ...(uefi === undefined ? [] : flash(uefi)),
    ...controller(hardware),
    ...drives(plan),
    ...(network === undefined ? [] : ['-boot', 'n']),
    ...plan.smbios.flatMap((each) => ['-smbios', each]),
    ...Array.from({ length: plan.cards }).flatMap((_each, index) => card(plan, index)),
  ];
}

/** A comma ends a value of QEMU's, two are one of its own. */
function quoted(path: string): string {
  return path.replaceAll(',', ',,');
}

function flash({ code, variables }: Uefi): readonly string[] {
  return [
    ...['-drive', `if=pflash,format=raw,readonly=on,file=${quoted(code)}`],
    ...['-drive', `if=pflash,format=raw,file=${quoted(variables)}`],
  ];
}

const controllers = { pvscsi: 'pvscsi', virtioScsi: 'virtio-scsi-pci', sas: 'mptsas1068' } as const;

function controller({ disk }: Hardware): readonly string[] {
  if (disk === 'pvscsi' || disk === 'virtioScsi' || disk === 'sas')
    return ['-device', `${controllers[disk]},id=scsi`];
  return [];
}

const diskDevices = {
  ...{ virtio: 'virtio-blk-pci', ahci: 'ide-hd', ide: 'ide-hd', nvme: 'nvme' },
  ...{ pvscsi: 'scsi-hd,bus=scsi.0', virtioScsi: 'scsi-hd,bus=scsi.0', sas: 'scsi-hd,bus=scsi.0' },
} as const;

/** The firmware starts from the first that can be started from; what has no `bootindex`, UEFI leaves out. */
function drives({ hardware, disks, cds }: MachinePlan): readonly string[] {
  return [
    ...disks.map((disk, index) => ({
      file: `format=qcow2,discard=unmap,file=${quoted(disk)}`,
      device: `${diskDevices[hardware.disk]}${hardware.disk === 'nvme' ? `,serial=disk${index}` : ''}`,
    })),
    ...cds.map((cd) => ({
      file: `media=cdrom,readonly=on,format=raw,file=${quoted(cd)}`,
      device: 'ide-cd',
    })),
  ].flatMap(({ file, device }, index) => [
    ...['-drive', `if=none,id=drive${index},${file}`],
    ...['-device', `${device},drive=drive${index},bootindex=${index}`],
  ]);
}

/** Only the first card leads anywhere; what the machine loads from its network is served there. */
function card({ hardware, network, metadataPort }: MachinePlan, index: number): readonly string[] {
  const served = network === undefined ? '' : `,tftp=${quoted(network.folder)},bootfile=${network.file}`;
  const cloud = metadataPort === undefined ? '' : metadataAt(metadataPort);
  const id = index === 0 ? firstNetwork : `net${index}`;
  const net = `user,id=${id}${index === 0 ? `${served}${cloud}` : ',restrict=on'}`;
  // Without the ROM nobody looks for a server to start from.
  const rom = network === undefined ? ',romfile=' : '';
  return ['-netdev', net, '-device', `${hardware.card},netdev=${id}${rom}`];
}

/** Only addresses of the machine's own network can be led elsewhere; each connection is a process. */
function metadataAt(port: number): string {
  const connect = `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port} 4<&0; cat <&4 >&3 & exec cat <&3'`;
  return `,net=169.254.0.0/16,dhcpstart=169.254.1.15,guestfwd=tcp:169.254.169.254:80-cmd:${connect}`;
}

export function overlayName(index: number): string {
  return `disk${index + 1}.qcow2`;
}
