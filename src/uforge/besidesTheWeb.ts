import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { BlockList, isIP } from 'node:net';
import { isSystemError } from './systemError.ts';

/** What an IP address belongs to when it is none of the web's, as the end of "it is …". */
export async function whereBesidesTheWeb(address: string): Promise<string | undefined> {
  if (privateNetworks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'))
    return 'this computer, its link or a private network';
  return (await isOfThisComputer(address)) ? 'this computer' : undefined;
}

/**
 * What is no address of the web (IANA's registries of special-purpose addresses): a network's own, and where clouds tell
 * their machines secrets, Azure's among them. IPv4 in IPv6 (::ffff:) is looked at by Node; NAT64 leads to the same places.
 */
const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4');
  privateNetworks.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6');
}
for (const [network, prefix] of [
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv6');
}

/** Only one's own addresses can be bound to, those of cards without a cable and of routes without a card, too. */
async function isOfThisComputer(address: string): Promise<boolean> {
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  try {
    const bound = once(socket, 'listening');
    socket.bind({ address, port: 0, exclusive: true });
    await bound;
    return true;
  } catch (error) {
    return !isSystemError(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT');
  } finally {
    socket.close();
  }
}
