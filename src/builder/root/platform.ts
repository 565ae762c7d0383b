import type { Plan } from '../plan/plan.ts';
import { textFile, type RootOption } from './part.ts';

/** The guest agents of the platform. Their packages start them where their platform's devices are. */
export const guestAgents: RootOption = ({ agents, release }) => ({
  // Debian 11 has none for Google; its cloud-init knows that cloud.
  packages: agents.filter((name) => release.codename !== 'bullseye' || name !== 'google-guest-agent'),
});

/** What a platform says of its machine: keys, names, networks, user data. */
export const cloudInit: RootOption = (plan) =>
  plan.datasources.length === 0
    ? {}
    : {
        packages: ['cloud-init', 'sudo'],
        files: [textFile('/etc/cloud/cloud.cfg.d/95-appliance.cfg', configuration(plan))],
      };

/**
 * What the template says stays as it is: passwords of its users, repositories, locale, its own cards. JSON is YAML.
 * The root grows by the appliance's own means, in other formats, too.
 */
function configuration({ datasources, network }: Plan): string {
  const settings = {
    datasource_list: datasources,
    system_info: { default_user: { lock_passwd: false } },
    apt: { preserve_sources_list: true },
    locale: false,
    growpart: { mode: 'off' },
    resize_rootfs: false,
    ...(network.mode !== 'dhcp' && { network: { config: 'disabled' } }),
  };
  return `# Written by Appliance Forge.\n${JSON.stringify(settings, undefined, 2)}\n`;
}
