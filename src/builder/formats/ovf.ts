import { ovaFormat, vmware } from './ovaFormat.ts';

export const ovf = ovaFormat({
  name: 'OVF or OVA',
  description: 'An OVA for any hypervisor that imports one.',
  hardware: vmware('lsilogic', 'E1000'),
});
