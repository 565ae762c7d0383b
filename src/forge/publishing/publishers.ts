import type { Publisher } from './publisher.ts';

/** Every publisher the forge has. A new one is a file and a line here. */
export const publishers: readonly Publisher[] = [
  ...['Docker', 'OpenShift'].map((platform) => ({
    platform,
    load: async () => (await import('./registry/registry.ts')).registry,
  })),
  ...['OpenStack', 'Suse Cloud', 'K5', 'Cloudwatt'].map((platform) => ({
    platform,
    load: async () => (await import('./openstack/openstack.ts')).openstack,
  })),
  { platform: 'Amazon', load: async () => (await import('./aws/aws.ts')).aws },
];
