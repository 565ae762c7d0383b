import type { Installation } from '../../appliance/template/model/template.ts';
import type { ImageFormat, ImageShape } from '../formats/format.ts';
import { planNetwork } from '../plan/network.ts';
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
  const fixed = isContainer ? undefined : withoutDns(installation);
  if (fixed !== undefined)
    warn(fixed, 'have fixed addresses only: names are not found without stack.installation.nameServers');
  return remarks;
}

/** Whether an image says how many processors its machine has. */
function describesMachine(shape: ImageShape): boolean {
  return /^(OVA|Vagrant|KVM|Xen) /.test(shape);
}

/** The key of the links that have fixed addresses where neither the template nor DHCP names a DNS server. */
function withoutDns(installation: Installation): 'nics' | 'bonds' | 'vlans' | undefined {
  if ((installation.nameServers ?? []).length > 0) return undefined;
  const { mode, nics, links } = planNetwork(installation);
  const own = nics.filter(({ bond }) => bond === undefined);
  const [first] = [...own, ...links].filter(({ ipv4, ipv6 }) => ipv4 === 'static' || ipv6 === 'static');
  const asks = [...own, ...links].some(({ ipv4, ipv6 }) => ipv4 === 'dhcp' || ipv6 === 'dhcp');
  if (mode !== 'configure' || first === undefined || asks) return undefined;
  if (own.includes(first)) return 'nics';
  return installation.bonds?.some(({ name }) => name === first.device) === true ? 'bonds' : 'vlans';
}
