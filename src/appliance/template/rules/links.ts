import { isIP } from 'node:net';
import { checkAddresses, prefixLength } from './network.ts';
import { duplicates, type RuleContext } from './ruleContext.ts';
import type { Bond, Installation, Route, Vlan } from '../model/template.ts';
import type { TemplatePath } from '../model/path.ts';
import { sentence } from '../../../uforge/language/sentence.ts';

/** What the kernel calls a network device. */
const device = /^[a-z][\w.-]{0,14}$/i;

/** IEEE 802.1Q. */
const mostVlans = 4094;

/** What a VLAN is called: the kernel's limit is 15. */
export function vlanName({ name, on, id }: Vlan): string {
  return name ?? `${on}.${id}`;
}

/** Rules of bonds, VLANs and routes, which belong to the cards of `internetSettings: configure`. */
export function checkLinks(installation: Installation, path: TemplatePath, rules: RuleContext): void {
  const { nics = [], bonds = [], vlans = [], internetSettings } = installation;
  for (const [key, list] of [
    ['bonds', bonds],
    ['vlans', vlans],
  ] as const) {
    if (list.length === 0 || internetSettings === 'configure') continue;
    rules.error([...path, key], sentence`are for internetSettings “configure”.`, 'exclusive');
  }
  nics.forEach(({ routes }, index) => checkRoutes(routes, [...path, 'nics', index, 'routes'], rules));
  const cards = new Set(nics.map(({ name }, index) => name ?? `eth${index}`));
  const used = new Set<string>();
  bonds.forEach((bond, index) => checkBond(bond, { cards, used }, [...path, 'bonds', index], rules));
  const below = new Set([...cards, ...bonds.map(({ name }) => name)]);
  vlans.forEach((vlan, index) => checkVlan(vlan, { below, used }, [...path, 'vlans', index], rules));
  duplicates(
    [
      ...bonds.map(({ name }, index) => ({ name, at: ['bonds', index] })),
      ...vlans.map((vlan, index) => ({ name: vlanName(vlan), at: ['vlans', index] })),
    ],
    ({ name }) => name,
    (_, name) =>
      rules.error(path, sentence`has two bonds or VLANs called “${name}”. Rename one.`, 'duplicate'),
  );
}

function checkBond(
  bond: Bond,
  { cards, used }: { readonly cards: ReadonlySet<string>; readonly used: Set<string> },
  path: TemplatePath,
  rules: RuleContext,
): void {
  checkDevice(bond.name, [...path, 'name'], rules);
  if (bond.nics.length === 0)
    rules.error([...path, 'nics'], sentence`is empty. Name its cards.`, 'missing-key');
  bond.nics.forEach((name, index) => {
    const at = [...path, 'nics', index];
    if (!cards.has(name)) {
      rules.error(at, sentence`“${name}” is no card of “nics”.${rules.didYouMean(name, cards)}`, 'bad-value');
    } else if (used.has(name)) rules.error(at, sentence`“${name}” is in a bond already.`, 'duplicate');
    used.add(name);
  });
  checkAddresses(bond, path, rules);
  checkRoutes(bond.routes, [...path, 'routes'], rules);
}

function checkVlan(
  vlan: Vlan,
  { below, used }: { readonly below: ReadonlySet<string>; readonly used: ReadonlySet<string> },
  path: TemplatePath,
  rules: RuleContext,
): void {
  if (vlan.name !== undefined) checkDevice(vlan.name, [...path, 'name'], rules);
  else if (!device.test(vlanName(vlan))) {
    const fix = rules.additionAt(path, 'name');
    rules.error(
      path,
      sentence`needs a “name”: “${vlanName(vlan)}” is none the kernel takes.`,
      'missing-key',
      fix,
    );
  }
  if (vlan.id < 1 || vlan.id > mostVlans) {
    rules.error([...path, 'id'], sentence`is ${vlan.id}: between 1 and ${mostVlans}.`, 'bad-value');
  }
  if (!below.has(vlan.on)) {
    const says = sentence`“${vlan.on}” is neither a card of “nics” nor a bond.${rules.didYouMean(vlan.on, below)}`;
    rules.error([...path, 'on'], says, 'bad-value');
  } else if (used.has(vlan.on)) {
    rules.error([...path, 'on'], sentence`“${vlan.on}” is in a bond: name the bond.`, 'exclusive');
  }
  checkAddresses(vlan, path, rules);
  checkRoutes(vlan.routes, [...path, 'routes'], rules);
}

function checkDevice(name: string, path: TemplatePath, rules: RuleContext): void {
  if (device.test(name)) return;
  const says = sentence`“${name}” is no name of a network device: letters, digits, “.”, “_” and “-”, 15 at most, a letter first.`;
  rules.error(path, says, 'bad-value');
}

function checkRoutes(routes: readonly Route[] = [], path: TemplatePath, rules: RuleContext): void {
  routes.forEach(({ to, via, metric = 0 }, index) => {
    // networkd reads it in one line.
    const [, address = '', bits] = /^([\da-f.:]+)(?:\/(\d+))?$/i.exec(to) ?? [];
    const version = isIP(address);
    const at = [...path, index];
    if (version === 0 || (bits !== undefined && prefixLength(bits, address) === undefined)) {
      rules.error([...at, 'to'], sentence`“${to}” is no network. Write 198.51.100.0/24.`, 'bad-value');
    } else if (via !== undefined && isIP(via) !== version) {
      rules.error([...at, 'via'], sentence`“${via}” is no IPv${version} address.`, 'bad-value');
    }
    if (metric > 2 ** 32 - 1) rules.error([...at, 'metric'], sentence`is ${metric}: too large.`, 'too-large');
  });
}
