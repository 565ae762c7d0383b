import type { TemplateObject } from '../../../appliance/template/model/types.ts';
import type { Dto } from '../../../uforge/dto.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import {
  changed,
  changedList,
  changedText,
  compact,
  idOfName,
  refuseOthers,
  valueOf,
  type Problems,
} from './dtoFields.ts';

type TemplateNic = TemplateObject<'Nic'>;
type TemplateAddress = TemplateObject<'IpAddress'>;
export type Nic = Dto<'Nic'>;

/** The words of a template for those of the schema. */
const ipv4 = { dhcp: 'AUTOMATIC', static: 'MANUAL', disabled: 'DISABLED' } as const;
const ipv6 = { dhcp: 'AUTOMATIC', static: 'MANUAL', disabled: 'IGNORE' } as const;

/** Network cards of a template have no ids, and often no names: then their place tells them apart. */
export function idOfNic(nic: TemplateNic, index: number): number {
  return nic.name === undefined
    ? idOfName('nic', '', String(orderOf(nic, index)))
    : idOfName('nic', nic.name);
}

/** Without orders, they are in the order of the list, from 1. */
function orderOf(nic: TemplateNic, index: number): number {
  return nic.order ?? index + 1;
}

export function nicOf(nic: TemplateNic, index: number, uri: string): Nic {
  return {
    ...compact<Partial<Nic>>({
      dbId: idOfNic(nic, index),
      autoConnect: nic.autoConnect ?? true,
      ipAddresses: nic.ipAddresses?.map(addressOf),
      ipv4Method: nic.ipv4 && ipv4[nic.ipv4],
      ipv6Method: methodOf(nic.ipv6),
      name: nic.name,
      type: nic.type?.toUpperCase() === 'ETHERNET' ? 'ETHERNET' : undefined,
      uri,
    }),
    order: orderOf(nic, index),
  };
}

export function readNic(
  dto: Nic,
  kept: { readonly nic: TemplateNic; readonly index: number } | undefined,
  path: string,
  problems: Problems,
): TemplateNic {
  const known = ['autoConnect', 'ipAddresses', 'ipv4Method', 'ipv6Method', 'name', 'type', 'order'];
  refuseOthers(dto, path, known, problems);
  const shown: Partial<Nic> = kept === undefined ? { autoConnect: true } : nicOf(kept.nic, kept.index, '');
  const nic = kept?.nic;
  const method =
    <W extends string>(words: Readonly<Record<W, string>>, field: 'ipv4Method' | 'ipv6Method') =>
    (text: string) =>
      wordOf(words, text, `${path}/${field}`, problems);
  return compact<TemplateNic>({
    ...nic,
    name: changedText(dto.name, nic?.name),
    type: changed(dto.type, nic?.type, shown.type, (text) => text),
    order: changed(dto.order, nic?.order, shown.order, (order) => order),
    autoConnect: changed(dto.autoConnect, nic?.autoConnect, shown.autoConnect, (flag) => flag),
    ipv4: changed(dto.ipv4Method, nic?.ipv4, shown.ipv4Method, method(ipv4, 'ipv4Method')),
    ipv6: changed(dto.ipv6Method, nic?.ipv6, shown.ipv6Method, method(ipv6, 'ipv6Method')),
    ipAddresses: readAddresses(dto, nic?.ipAddresses, path, problems),
  });
}

function methodOf(word: string | undefined): string | undefined {
  const known = valueOf(Object.keys(ipv6) as (keyof typeof ipv6)[], word);
  return known && ipv6[known];
}

function wordOf<W extends string>(
  words: Readonly<Record<W, string>>,
  text: string,
  path: string,
  problems: Problems,
): W | undefined {
  const found = (Object.keys(words) as W[]).find((word) => words[word] === text.toUpperCase());
  if (found === undefined)
    problems.push(sentence`${path}: “${text}” is none of ${Object.values(words).join(', ')}`);
  return found;
}

/** Without a version: what the address looks like. */
function versionOf({ version, address }: TemplateAddress): number {
  return version === undefined ? (address.includes(':') ? 6 : 4) : Number(version.replace(/^ip ?v/i, ''));
}

function addressOf(address: TemplateAddress): Dto<'IPAddress'> {
  const { netmask, gateway } = address;
  return {
    ...compact<Partial<Dto<'IPAddress'>>>({ address: address.address, gateway, netmask }),
    type: versionOf(address),
  };
}

function readAddresses(
  { ipAddresses }: Nic,
  kept: readonly TemplateAddress[] | undefined,
  path: string,
  problems: Problems,
): readonly TemplateAddress[] | undefined {
  return changedList(ipAddresses, kept, (dto, index): TemplateAddress | undefined => {
    const at = `${path}/ipAddresses[${index}]`;
    refuseOthers(dto, at, ['address', 'gateway', 'netmask', 'type'], problems);
    if (dto.address === undefined || dto.address === '') {
      problems.push(sentence`${at}/address is missing`);
      return undefined;
    }
    const before = kept?.find(({ address }) => address === dto.address);
    const { type } = dto as Partial<Dto<'IPAddress'>>;
    return compact<TemplateAddress>({
      ...before,
      address: dto.address,
      version: changed(type, before?.version, before && versionOf(before), String),
      netmask: changedText(dto.netmask, before?.netmask),
      gateway: changedText(dto.gateway, before?.gateway),
    });
  });
}
