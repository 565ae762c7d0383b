import { escapeXml } from '../../uforge/escapeXml.ts';

/** The virtual hardware of a machine, as its hypervisor names it. */
export interface OvfHardware {
  /** The family: `virtualbox-2.2`, `vmx-09` … */
  readonly family: string;
  readonly controller: 'AHCI' | 'lsilogic' | 'VirtualSCSI';
  readonly card: 'E1000' | 'VmxNet3';
}

/** A disk of the machine. Bytes. */
interface OvfDisk {
  readonly fileName: string;
  readonly fileSize: number;
  readonly size: number;
}

/** What an OVF says about a machine. Memory in MB. */
export interface OvfMachine {
  readonly name: string;
  readonly memorySize: number;
  /** Processors. */
  readonly cpus: number;
  readonly hardware: OvfHardware;
  /** The network cards' names, in their order. */
  readonly cards: readonly string[];
  readonly disks: readonly OvfDisk[];
}

const streamOptimized = 'http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized';

/**
 * The machine in OVF 1.0 (DSP0243), as VirtualBox and VMware export their own: its disks behind one controller, each
 * network card on a network of its own, which whoever imports it maps to theirs. Resource types are CIM's: 3 processor, 4 memory, 20 and 6 other and SCSI storage controller, 17 disk,
 * 10 network card.
 */
export function ovfDescriptor(machine: OvfMachine): string {
  // In an attribute, too.
  const name = escapeXml(machine.name).replaceAll('"', '&quot;');
  const each = (text: (disk: OvfDisk, number: number) => string): string =>
    machine.disks.map((disk, index) => text(disk, index + 1)).join('\n    ');
  return `<?xml version="1.0" encoding="UTF-8"?>
<Envelope ovf:version="1.0" xml:lang="en-US" xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData" xmlns:vbox="http://www.virtualbox.org/ovf/machine">
  <References>
    ${each((disk, n) => `<File ovf:id="file${n}" ovf:href="${escapeXml(disk.fileName)}" ovf:size="${disk.fileSize}"/>`)}
  </References>
  <DiskSection>
    <Info>The virtual disks</Info>
    ${each((disk, n) => `<Disk ovf:diskId="disk${n}" ovf:fileRef="file${n}" ovf:capacity="${disk.size}" ovf:format="${streamOptimized}"/>`)}
  </DiskSection>
  <NetworkSection>
    <Info>The network</Info>
${machine.cards.map((card, index) => `    <Network ovf:name="${networkOf(card, index)}">\n      <Description>The network of ${escapeXml(card)}</Description>\n    </Network>\n`).join('')}  </NetworkSection>
  <VirtualSystem ovf:id="${name}">
    <Info>A virtual machine</Info>
    <Name>${name}</Name>
    <OperatingSystemSection ovf:id="96">
      <Info>The operating system</Info>
      <Description>Debian_64</Description>
${isVirtualBox(machine) ? '      <vbox:OSType ovf:required="false">Debian_64</vbox:OSType>\n' : ''}    </OperatingSystemSection>
    <VirtualHardwareSection>
      <Info>The virtual hardware</Info>
      <System>
        <vssd:ElementName>Virtual Hardware Family</vssd:ElementName>
        <vssd:InstanceID>0</vssd:InstanceID>
        <vssd:VirtualSystemIdentifier>${name}</vssd:VirtualSystemIdentifier>
        <vssd:VirtualSystemType>${escapeXml(machine.hardware.family)}</vssd:VirtualSystemType>
      </System>
${items(machine)}
    </VirtualHardwareSection>
  </VirtualSystem>
</Envelope>
`;
}

/** CIM's schema wants an item's elements in alphabetical order. */
function items(machine: OvfMachine): string {
  const mb = 'byte * 2^20';
  const processors = `${machine.cpus} virtual CPU${machine.cpus === 1 ? '' : 's'}`;
  return [
    {
      Caption: processors,
      ElementName: processors,
      InstanceID: '1',
      ResourceType: '3',
      VirtualQuantity: String(machine.cpus),
    },
    {
      AllocationUnits: mb,
      Caption: `${machine.memorySize} MB of memory`,
      ElementName: `${machine.memorySize} MB of memory`,
      InstanceID: '2',
      ResourceType: '4',
      VirtualQuantity: String(machine.memorySize),
    },
    controller(machine.hardware),
    ...machine.cards.map((card, index) => ({
      AutomaticAllocation: 'true',
      Caption: `Ethernet adapter on ${networkOf(card, index)}`,
      Connection: networkOf(card, index),
      ElementName: `Ethernet adapter on ${networkOf(card, index)}`,
      InstanceID: String(4 + index),
      ResourceSubType: machine.hardware.card,
      ResourceType: '10',
    })),
    ...machine.disks.map((_disk, index) => ({
      AddressOnParent: String(index),
      Caption: `disk${index + 1}`,
      Description: 'Disk Image',
      ElementName: `disk${index + 1}`,
      HostResource: `/disk/disk${index + 1}`,
      InstanceID: String(4 + machine.cards.length + index),
      Parent: '3',
      ResourceType: '17',
    })),
  ]
    .map((item) => {
      const lines = Object.entries(item).map(
        ([key, value]) => `        <rasd:${key}>${escapeXml(value)}</rasd:${key}>`,
      );
      return ['      <Item>', ...lines, '      </Item>'].join('\n');
    })
    .join('\n');
}

/** VirtualBox takes NAT by its name; the first card is the one that a machine reaches the world by. */
function networkOf(card: string, index: number): string {
  return index === 0 ? 'NAT' : escapeXml(card);
}

function controller({ controller }: OvfHardware): Record<string, string> {
  const isScsi = controller !== 'AHCI';
  const name = isScsi ? 'scsiController0' : 'sataController0';
  return {
    Address: '0',
    Caption: name,
    Description: isScsi ? 'SCSI Controller' : 'SATA Controller',
    ElementName: name,
    InstanceID: '3',
    ResourceSubType: controller,
    ResourceType: isScsi ? '6' : '20',
  };
}

function isVirtualBox({ hardware }: OvfMachine): boolean {
  return hardware.family.startsWith('virtualbox');
}
