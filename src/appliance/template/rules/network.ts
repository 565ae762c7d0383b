import { isIP, isIPv4 } from 'node:net';
import { duplicates, type RuleContext } from './ruleContext.ts';
import type { Installation, IpAddress, Nic } from '../model/template.ts';
import type { TemplatePath } from '../model/path.ts';
import { sentence } from '../../../uforge/language/sentence.ts';

/** Rules of network cards. Source: hammr 3.8.13, templates-spec (stack-installation-internet, -nics). */
export function checkNetwork(installation: Installation, path: TemplatePath, rules: RuleContext): void {
  const { internetSettings, nics = [] } = installation;
  if (internetSettings === 'configure' && nics.length === 0) {
    const fix = rules.additionAt(path, 'nics');
    rules.error(
      [...path, 'internetSettings'],
      sentence`is configure, but there are no “nics”.`,
      'missing-key',
      fix,
    );
  }
  if (internetSettings !== undefined && internetSettings !== 'configure' && nics.length > 0) {
    const says = sentence`are for internetSettings “configure”, not “${internetSettings}”.`;
    rules.warn([...path, 'nics'], says, 'ignored');
  }
  duplicates(
    nics,
    (nic) => nic.order?.toString(),
    (index, order) =>
      rules.error(
        [...path, 'nics', index, 'order'],
        sentence`${order} is used twice. Change one.`,
        'duplicate',
      ),
  );
  nics.forEach((nic, index) => checkNic(nic, [...path, 'nics', index], rules));
}

function checkNic(nic: Nic, path: TemplatePath, rules: RuleContext): void {
  if (nic.type !== undefined && nic.type.toLowerCase() !== 'ethernet') {
    rules.error([...path, 'type'], sentence`“${nic.type}” must be ETHERNET.`, 'bad-value');
  }
  if (nic.order === 0) rules.error([...path, 'order'], sentence`counts from 1.`, 'bad-value');
  checkAddresses(nic, path, rules);
}

/** Of whatever has addresses: a card, a bond, a VLAN. */
export function checkAddresses(
  link: Pick<Nic, 'ipv4' | 'ipv6' | 'ipAddresses'>,
  path: TemplatePath,
  rules: RuleContext,
): void {
  const addresses = link.ipAddresses ?? [];
  for (const [key, version] of [
    ['ipv4', 4],
    ['ipv6', 6],
  ] as const) {
    const fixed = addresses.filter(({ address }) => isIP(address) === version);
    if (link[key] === 'static' && fixed.length === 0) {
      const fix = rules.additionAt(path, 'ipAddresses');
      rules.error(
        [...path, key],
        sentence`is static, but “ipAddresses” has no IPv${version} address.`,
        'missing-key',
        fix,
      );
    }
    if (link[key] !== 'static' && fixed.length > 0) {
      const says = sentence`has an IPv${version} address, which is used with “${key}: static” only.`;
      rules.warn([...path, 'ipAddresses'], says, 'ignored');
    }
  }
  addresses.forEach((address, index) => checkAddress(address, [...path, 'ipAddresses', index], rules));
}

function checkAddress(given: IpAddress, path: TemplatePath, rules: RuleContext): void {
  const { address, netmask, gateway, version } = given;
  const actual = isIP(address);
  if (actual === 0) {
    rules.error([...path, 'address'], sentence`“${address}” is no IP address.`, 'bad-value');
    return;
  }
  if (version !== undefined && version !== String(actual)) {
    rules.error(
      [...path, 'version'],
      sentence`is ${version}, but ${address} is an IPv${actual} address.`,
      'bad-value',
    );
  }
  if (netmask === undefined) {
    rules.error(path, sentence`has no “netmask”. Add it.`, 'missing-key', rules.additionAt(path, 'netmask'));
  } else if (prefixLength(netmask, address) === undefined) {
    rules.error(
      [...path, 'netmask'],
      sentence`“${netmask}” is no mask of an IPv${actual} network.`,
      'bad-value',
    );
  }
  if (gateway !== undefined && isIP(gateway) !== actual) {
    rules.error([...path, 'gateway'], sentence`“${gateway}” is no IPv${actual} address.`, 'bad-value');
  }
}

/** Bits of a mask: `255.255.255.0`, `24`, `/64`, `ffff:ffff:ffff:ffff::`; undefined when it is none for that address. */
export function prefixLength(netmask: string, address: string): number | undefined {
  const version = isIP(address);
  const number = /^\/?(\d{1,3})$/.exec(netmask.trim())?.[1];
  if (number !== undefined) {
    return Number(number) <= (version === 4 ? 32 : 128) ? Number(number) : undefined;
  }
  if (isIP(netmask) !== version) return undefined;
  const bits = isIPv4(netmask)
    ? netmask.split('.').map((part) => Number(part).toString(2).padStart(8, '0'))
    : expandIPv6(netmask).map((part) => part.toString(2).padStart(16, '0'));
  const found = /^(1*)0*$/.exec(bits.join(''));
  return found?.[1]?.length;
}

/** The eight groups of an IPv6 address without an IPv4 tail. */
function expandIPv6(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
  const [left, right] = [groups(head), groups(tail ?? '')];
  if (tail === undefined) return left;
  return [...left, ...Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0), ...right];
}
