import { ovaFormat } from './ovaFormat.ts';

/** What VirtualBox itself gives a Debian machine. */
export const virtualBox = ovaFormat({
  name: 'VirtualBox',
  description: 'An OVA that VirtualBox imports: machine description and disk in one file.',
  hardware: () => ({ family: 'virtualbox-2.2', controller: 'AHCI', card: 'E1000' }),
});
