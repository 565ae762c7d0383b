import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { controlProblem, imagePathProblem, shortened } from './paths.ts';
import { checkOwnerAndRights } from './bundles.ts';
import { duplicates, type RuleContext } from './ruleContext.ts';
import type { Installation, TextFile } from '../model/template.ts';
import type { TemplatePath } from '../model/path.ts';
import { sentence } from '../../../uforge/language/sentence.ts';

/** RFC 1123, and what hostname(7) lets a machine be called. */
const hostname = /^(?=.{1,64}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;
/** A locale of Debian's /usr/share/i18n/SUPPORTED, or one of the C library's own. */
const locale = /^([a-z]{2,3}_[A-Z]{2}(\.UTF-8)?(@[a-z]+)?|C\.UTF-8|C|POSIX)$/;
const unit = /^[\w:@.\\-]{1,255}$/;
const parameter = /^[a-z0-9_-]+([./][\w*:-]+)+$/i;
/** What is there only while a machine runs. */
const volatile = /^\/(dev|proc|run|sys|tmp|var\/run)(\/|$)/;
const mostCpus = 255;

/** Rules of the settings that UForge's templates have not. */
export function checkSettings(installation: Installation, path: TemplatePath, rules: RuleContext): void {
  const { cpus, caCertificates = [], files = [], nameServers = [], searchDomains = [] } = installation;
  if (installation.hostname !== undefined && !hostname.test(installation.hostname)) {
    const says = sentence`“${shortened(installation.hostname)}” is no name of a machine: letters, digits and “-”, with dots before domains, 64 at most.`;
    rules.error([...path, 'hostname'], says, 'bad-value');
  }
  if (installation.locale !== undefined && !locale.test(installation.locale)) {
    const says = sentence`“${shortened(installation.locale)}” is no locale. Write de_DE.UTF-8.`;
    rules.error([...path, 'locale'], says, 'bad-value');
  }
  nameServers.forEach((address, index) => {
    if (isIP(address) !== 0) return;
    const says = sentence`“${shortened(address)}” is no IP address.`;
    rules.error([...path, 'nameServers', index], says, 'bad-value');
  });
  searchDomains.forEach((domain, index) => {
    if (hostname.test(domain)) return;
    const says = sentence`“${shortened(domain)}” is no domain. Write example.org.`;
    rules.error([...path, 'searchDomains', index], says, 'bad-value');
  });
  if (cpus !== undefined && (cpus < 1 || cpus > mostCpus)) {
    rules.error([...path, 'cpus'], sentence`is ${cpus}: between 1 and ${mostCpus}.`, 'bad-value');
  }
  checkServices(installation, [...path, 'services'], rules);
  checkParameters(installation, [...path, 'sysctl'], rules);
  caCertificates.forEach((text, index) => checkCertificate(text, [...path, 'caCertificates', index], rules));
  duplicates(
    files,
    (file) => file.path,
    (index, at) =>
      rules.error([...path, 'files', index, 'path'], sentence`“${at}” is used twice.`, 'duplicate'),
  );
  files.forEach((file, index) => checkTextFile(file, [...path, 'files', index], rules));
}

function checkServices({ services = {} }: Installation, path: TemplatePath, rules: RuleContext): void {
  const seen = new Map<string, string>();
  for (const key of ['enable', 'disable', 'mask'] as const) {
    services[key]?.forEach((name, index) => {
      const at = [...path, key, index];
      const full = name.includes('.') ? name : `${name}.service`;
      const before = seen.get(full);
      if (!unit.test(name) || name.startsWith('-')) {
        rules.error(
          at,
          sentence`“${shortened(name)}” is no name of a unit. Write nginx.service.`,
          'bad-value',
        );
      } else if (before !== undefined) {
        rules.error(at, sentence`“${name}” is in “${before}” already. Remove one.`, 'duplicate');
      }
      seen.set(full, key);
    });
  }
}

function checkParameters({ sysctl = {} }: Installation, path: TemplatePath, rules: RuleContext): void {
  for (const [name, value] of Object.entries(sysctl)) {
    const at = [...path, name];
    if (!parameter.test(name)) {
      const says = sentence`“${shortened(name)}” is no parameter of the kernel. Write net.ipv4.ip_forward.`;
      rules.error(at, says, 'bad-value');
    } else if (!isPlain(value) || controlProblem(String(value)) !== undefined) {
      rules.error(at, sentence`must be a number or a text of one line.`, 'bad-value');
    }
  }
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function checkCertificate(text: string, path: TemplatePath, rules: RuleContext): void {
  if (text.includes('PRIVATE KEY')) {
    rules.error(
      path,
      sentence`has a private key. Give the certificate alone, and make a new pair.`,
      'bad-value',
    );
    return;
  }
  const says = sentence`is no certificate in PEM: one that begins with -----BEGIN CERTIFICATE-----.`;
  // More than one in a text would be more than one authority in a file, of which Debian takes the first.
  if (text.match(/-----BEGIN /g)?.length !== 1 || !text.trim().startsWith('-----BEGIN CERTIFICATE-----')) {
    rules.error(path, says, 'bad-value');
    return;
  }
  try {
    if (new X509Certificate(text).ca) return;
    rules.warn(
      path,
      sentence`is no certificate of an authority (CA): nothing it signs is trusted.`,
      'bad-value',
    );
  } catch {
    rules.error(path, says, 'bad-value');
  }
}

function checkTextFile(file: TextFile, path: TemplatePath, rules: RuleContext): void {
  const at = [...path, 'path'];
  const problem = imagePathProblem(file.path);
  if (problem !== undefined) rules.error(at, sentence`${problem}.`, 'bad-value');
  else if (file.path.endsWith('/')) rules.error(at, sentence`“${file.path}” is a folder.`, 'bad-value');
  else if (volatile.test(file.path)) {
    rules.error(at, sentence`“${file.path}” would be gone when the machine has started.`, 'bad-value');
  }
  if (file.content.includes('PRIVATE KEY')) {
    const says = sentence`has a private key, which everybody can read who can read this file or the image.`;
    rules.warn([...path, 'content'], says, 'bad-value');
  }
  checkOwnerAndRights(file, path, rules);
}
