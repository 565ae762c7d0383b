import { ovaFormat, vmware } from './ovaFormat.ts';

export const cloudStackOva = ovaFormat({
  name: 'CloudStack VMware (OVA)',
  description: 'A template for CloudStack on vSphere.',
  hardware: vmware('lsilogic', 'E1000'),
});
