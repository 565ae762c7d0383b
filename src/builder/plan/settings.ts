import { createHash } from 'node:crypto';
import type { Installation } from '../../appliance/template/model/template.ts';

/** A file of the template's own text. */
interface PlannedTextFile {
  /** Where it is in the template, for messages. */
  readonly at: string;
  readonly path: string;
  readonly content: string;
  /** `root:root` */
  readonly ownerGroup: string;
  /** Octal. */
  readonly rights: string;
}

/** What is done to a unit of systemd. */
interface PlannedUnit {
  readonly at: string;
  readonly verb: 'enable' | 'disable' | 'mask';
  readonly unit: string;
}

/** What the template says of the system that UForge has no word for. */
export interface PlannedSettings {
  readonly locale: string;
  readonly nameServers: readonly string[];
  readonly searchDomains: readonly string[];
  readonly units: readonly PlannedUnit[];
  /** In PEM. */
  readonly caCertificates: readonly string[];
  readonly sysctl: readonly (readonly [string, string])[];
  readonly files: readonly PlannedTextFile[];
}

export function planSettings(installation: Installation): PlannedSettings {
  const { locale = 'C.UTF-8', nameServers = [], searchDomains = [], services = {} } = installation;
  const { caCertificates = [], sysctl = {}, files = [] } = installation;
  const at = (key: string, index: number): string => `stack.installation.${key}[${index}]`;
  return {
    ...{ locale, nameServers, searchDomains },
    units: (['enable', 'disable', 'mask'] as const).flatMap((verb) =>
      (services[verb] ?? []).map((unit, index) => ({ at: at(`services.${verb}`, index), verb, unit })),
    ),
    caCertificates: caCertificates.map((text) => `${text.trim()}\n`),
    sysctl: Object.entries(sysctl).map(([name, value]) => [name, String(value)] as const),
    files: files.map(({ path, content, ownerGroup = 'root:root', rights = '644' }, index) => {
      return { at: at('files', index), path, content, ownerGroup, rights };
    }),
  };
}

/** Letters that Unicode does not take apart into a plain one and a mark. */
const plainLetters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i' },
};

/**
 * The name of the machine, made of the appliance's: letters, digits and hyphens, as a host name may have them
 * (RFC 1123). Names without any such letter each have a name of their own all the same.
 */
export function hostnameOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\0-\x7f]/g, (letter) => plainLetters[letter] ?? ' ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return slug === '' ? `appliance-${createHash('sha256').update(name).digest('hex').slice(0, 6)}` : slug;
}
