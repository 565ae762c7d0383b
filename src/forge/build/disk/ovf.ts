/** What an OVF says about a machine with one disk. Sizes in bytes, memory in MB. */
export interface OvfMachine {
  readonly name: string;
  readonly memorySize: number;
  readonly vmdkName: string;
  readonly vmdkSize: number;
  readonly diskSize: number;
}

const streamOptimized = 'http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized';

/**
 * The machine in OVF 1.0 (DSP0243), as VirtualBox exports its own: an AHCI disk and an Intel e1000 card behind NAT.
 * Resource types are CIM's: 3 processor, 4 memory, 20 other storage controller, 17 disk, 10 network card.
 */
export function ovfDescriptor(machine: OvfMachine): string {
  const name = escapeXml(machine.name);
  return `<?xml version="1.0" encoding="UTF-8"?>
<Envelope ovf:version="1.0" xml:lang="en-US" xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData" xmlns:vbox="http://www.virtualbox.org/ovf/machine">
  <References>
    <File ovf:id="file1" ovf:href="${escapeXml(machine.vmdkName)}" ovf:size="${machine.vmdkSize}"/>
  </References>
  <DiskSection>
    <Info>The virtual disk</Info>
    <Disk ovf:diskId="disk1" ovf:fileRef="file1" ovf:capacity="${machine.diskSize}" ovf:format="${streamOptimized}"/>
  </DiskSection>
  <NetworkSection>
    <Info>The network</Info>
    <Network ovf:name="NAT">
      <Description>An address by DHCP</Description>
    </Network>
  </NetworkSection>
  <VirtualSystem ovf:id="${name}">
    <Info>A virtual machine</Info>
    <Name>${name}</Name>
    <OperatingSystemSection ovf:id="96">
      <Info>The operating system</Info>
      <Description>Debian_64</Description>
      <vbox:OSType ovf:required="false">Debian_64</vbox:OSType>
    </OperatingSystemSection>
    <VirtualHardwareSection>
      <Info>The virtual hardware</Info>
      <System>
        <vssd:ElementName>Virtual Hardware Family</vssd:ElementName>
        <vssd:InstanceID>0</vssd:InstanceID>
        <vssd:VirtualSystemIdentifier>${name}</vssd:VirtualSystemIdentifier>
        <vssd:VirtualSystemType>virtualbox-2.2</vssd:VirtualSystemType>
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
  return [
    {
      Caption: '1 virtual CPU',
      ElementName: '1 virtual CPU',
      InstanceID: '1',
      ResourceType: '3',
      VirtualQuantity: '1',
    },
    {
      AllocationUnits: mb,
      Caption: `${machine.memorySize} MB of memory`,
      ElementName: `${machine.memorySize} MB of memory`,
      InstanceID: '2',
      ResourceType: '4',
      VirtualQuantity: String(machine.memorySize),
    },
    {
      Address: '0',
      Caption: 'sataController0',
      Description: 'SATA Controller',
      ElementName: 'sataController0',
      InstanceID: '3',
      ResourceSubType: 'AHCI',
      ResourceType: '20',
    },
    {
      AddressOnParent: '0',
      Caption: 'disk1',
      Description: 'Disk Image',
      ElementName: 'disk1',
      HostResource: '/disk/disk1',
      InstanceID: '4',
      Parent: '3',
      ResourceType: '17',
    },
    {
      AutomaticAllocation: 'true',
      Caption: 'Ethernet adapter on NAT',
      Connection: 'NAT',
      ElementName: 'Ethernet adapter on NAT',
      InstanceID: '5',
      ResourceSubType: 'E1000',
      ResourceType: '10',
    },
  ]
    .map((item) => {
      const lines = Object.entries(item).map(([key, value]) => `        <rasd:${key}>${value}</rasd:${key}>`);
      return ['      <Item>', ...lines, '      </Item>'].join('\n');
    })
    .join('\n');
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
