import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** What a cloud tells its machines: texts by path. */
type Metadata = Readonly<Record<string, string>>;

/** The card that QEMU gives a machine first. */
const mac = '52:54:00:12:34:56';

/** What each cloud says of a machine: its name, a key to log in with, and a script for its first boot. */
export interface Told {
  readonly name: string;
  readonly key: string;
  readonly script: string;
}

/** EC2's instance metadata (cloud-init reads them with a session's token, IMDSv2). */
export function ec2Metadata({ name, key, script }: Told): Metadata {
  const latest = '2021-03-23';
  const card = `network/interfaces/macs/${mac}`;
  const values = {
    'ami-id': 'ami-1',
    'instance-id': 'i-0123456789',
    'local-hostname': name,
    'public-keys/0/openssh-key': key,
    [`${card}/device-number`]: '0',
    [`${card}/interface-id`]: 'eni-1',
    [`${card}/local-ipv4s`]: '169.254.1.15',
    [`${card}/mac`]: mac,
    [`${card}/subnet-ipv4-cidr-block`]: '169.254.0.0/16',
  };
  const pages = Object.entries(values).map(([path, text]) => [`/${latest}/meta-data/${path}`, text] as const);
  const folders = {
    '': ['ami-id', 'instance-id', 'local-hostname', 'network/', 'public-keys/'],
    'network/': ['interfaces/'],
    'network/interfaces/': ['macs/'],
    'network/interfaces/macs/': [`${mac}/`],
    [`${card}/`]: ['device-number', 'interface-id', 'local-ipv4s', 'mac', 'subnet-ipv4-cidr-block'],
    'public-keys/': ['0=mine'],
  };
  return {
    '/latest/api/token': 'token',
    ...Object.fromEntries(pages),
    ...Object.fromEntries(
      Object.entries(folders).map(([path, names]) => [`/${latest}/meta-data/${path}`, names.join('\n')]),
    ),
    [`/${latest}/dynamic/instance-identity`]: 'document',
    [`/${latest}/dynamic/instance-identity/document`]: JSON.stringify({ region: 'eu-west-1' }),
    [`/${latest}/user-data`]: script,
  };
}

/** OpenStack's metadata service. */
export function openStackMetadata({ name, key, script }: Told): Metadata {
  const metadata = { uuid: '0123456789', name, hostname: name, public_keys: { mine: key } };
  return {
    '/openstack': 'latest\n',
    '/openstack/latest/meta_data.json': JSON.stringify(metadata),
    '/openstack/latest/user_data': script,
  };
}

/** Answers on a port of this computer. `asked` are the paths that were asked for. */
export async function serveMetadata(
  pages: Metadata,
): Promise<{ readonly port: number; readonly asked: readonly string[] } & AsyncDisposable> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const text = pages[url];
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'text/plain', connection: 'close' });
    response.end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
