import type { Installation } from '../../appliance/template/model/template.ts';
import type { ImageFormat, ImageShape } from '../formats/format.ts';
import { hostnameOf } from '../plan/settings.ts';

/** What would become of a setting, as the rest of a sentence; `name` is the appliance's. */
interface SettingsRemark {
  readonly key: keyof Installation | 'name';
  readonly says: string;
  /** The image would be a wrong one. */
  readonly isRefused: boolean;
}

/** What nothing would come of in this format, or something else than a person may expect. */
export function settingsRemarks(
  installation: Installation,
  applianceName: string,
  { info, shape }: Partial<Pick<ImageFormat, 'info' | 'shape'>> = {},
): readonly SettingsRemark[] {
  const { hostname, services, sysctl, bonds, vlans, cpus } = installation;
  const format = info?.name ?? 'this format';
  const isContainer = info?.entrypoint === true;
  const starts = { services, sysctl, bonds, vlans };
  const remarks: SettingsRemark[] = [];
  const warn = (key: SettingsRemark['key'], says: string): void =>
    void remarks.push({ key, says, isRefused: false });
  if (hostname === undefined && /[^\0-\x7f]/.test(applianceName)) {
    const says = `“${applianceName}” has letters a host name has not: the machine is ${hostnameOf(applianceName)}`;
    warn('name', `${says}. Give stack.installation.hostname`);
  }
  for (const key of Object.keys(starts) as (keyof typeof starts)[]) {
    if (!isContainer || starts[key] === undefined) continue;
    const says = `can't be in ${format}: nothing boots in it, only its entrypoint is started`;
    remarks.push({ key, says, isRefused: true });
  }
  if (isContainer && hostname !== undefined) {
    warn('hostname', 'is not used: whoever starts the container gives it a name');
  }
  if (cpus !== undefined && shape !== undefined && !describesMachine(shape)) {
    warn('cpus', `is not used: ${format} does not describe a machine`);
  }
  if (!isContainer && hasNoDns(installation)) {
    warn('nics', 'have fixed addresses only: names are not found without stack.installation.nameServers');
  }
  return remarks;
}

/** Whether an image says how many processors its machine has. */
function describesMachine(shape: ImageShape): boolean {
  return /^(OVA|Vagrant|KVM|Xen) /.test(shape);
}

/** Whether neither the template nor DHCP names a DNS server. */
function hasNoDns({ internetSettings, nics = [], bonds = [], vlans = [], ...rest }: Installation): boolean {
  if ((rest.nameServers ?? []).length > 0 || (internetSettings ?? 'configure') !== 'configure') return false;
  const links = [...nics, ...bonds, ...vlans];
  const asks = ({ ipv4 = 'dhcp', ipv6 = 'dhcp' }: (typeof links)[number]): boolean =>
    ipv4 === 'dhcp' || ipv6 === 'dhcp';
  const fixed = links.some(({ ipv4, ipv6 }) => ipv4 === 'static' || ipv6 === 'static');
  return fixed && !links.some(asks);
}
