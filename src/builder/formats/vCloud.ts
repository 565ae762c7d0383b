import { ovaFormat, vmware } from './ovaFormat.ts';

export const vCloud = ovaFormat({
  name: 'VMware vCloud Director',
  description: 'An OVA for a vCloud catalogue, with VMware’s own network card.',
  hardware: vmware('lsilogic', 'VmxNet3'),
});
