import { ovaFormat, vmware } from './ovaFormat.ts';

export const vmwareServer = ovaFormat({
  name: 'VMware Server',
  description: 'An OVA for VMware Workstation, Player and ESXi.',
  hardware: vmware('lsilogic', 'E1000'),
});
