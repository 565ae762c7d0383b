import { ovaFormat, vmware } from './ovaFormat.ts';

export const vCenter = ovaFormat({
  name: 'VMware vCenter',
  description: 'An OVA for vCenter, with VMware’s own disk controller and network card.',
  hardware: vmware('VirtualSCSI', 'VmxNet3'),
});
