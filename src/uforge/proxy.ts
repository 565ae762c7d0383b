import { BlockList, isIP } from 'node:net';
import { UForgeError } from './errors.ts';

interface ProxySettings {
  /** A proxy somebody chose by hand; it comes before the environment and is used for this computer too. */
  readonly proxy?: string;
  /** Hosts that are reached directly, comma-separated. When empty, `NO_PROXY` of the environment. */
  readonly noProxy?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The proxy for a URL, or undefined for none. The environment's conventions are those of curl: `HTTPS_PROXY`,
 * `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, in either case; what it names is not used for this computer itself.
 * Throws `UForgeError` `invalid` for a proxy that is no URL.
 */
export function proxyFor(target: URL, settings: ProxySettings): URL | undefined {
  const env = settings.env ?? {};
  const variable = (name: string): string => (env[name.toLowerCase()] ?? env[name] ?? '').trim();
  const noProxy = settings.noProxy?.trim() ? settings.noProxy : variable('NO_PROXY');
  if (bypasses(target, noProxy)) return undefined;
  const chosen = settings.proxy?.trim();
  if (chosen) return parseProxy(chosen);
  if (isLoopback(target.hostname)) return undefined;
  const scheme = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const fromEnvironment = variable(scheme) || variable('ALL_PROXY');
  return fromEnvironment === '' ? undefined : parseProxy(fromEnvironment);
}

function parseProxy(text: string): URL {
  const withScheme = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(withScheme)) {
    throw new UForgeError('invalid', 'The proxy is not a URL. Write it as http://host:port.');
  }
  const url = new URL(withScheme);
  if (!['http:', 'https:', 'socks5:', 'socks:'].includes(url.protocol)) {
    throw new UForgeError(
      'invalid',
      `A proxy can't have the scheme ${url.protocol}// . Write it as http://host:port.`,
    );
  }
  return url;
}

/** `*`, a host with or without its subdomains and port, an address, or a range as 10.0.0.0/8. */
function bypasses(target: URL, noProxy: string): boolean {
  const host = bare(target.hostname);
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return noProxy.split(/[\s,]+/).some((entry) => {
    const pattern = entry.toLowerCase();
    if (pattern === '') return false;
    if (pattern === '*') return true;
    if (pattern.includes('/')) return inRange(host, pattern);
    const withPort = /^(\[.*\]|[^:]*):(\d+)$/.exec(pattern);
    if (withPort && withPort[2] !== port) return false;
    const name = bare(withPort?.[1] ?? pattern).replace(/^\*?\./, '');
    return host === name || (isIP(name) === 0 && host.endsWith(`.${name}`));
  });
}

function inRange(host: string, range: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const family = isIP(network);
  const prefix = Number(bits);
  if (
    family === 0 ||
    isIP(host) !== family ||
    bits === '' ||
    !(prefix >= 0 && prefix <= (family === 4 ? 32 : 128))
  ) {
    return false;
  }
  const list = new BlockList();
  list.addSubnet(network, prefix, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

function isLoopback(hostname: string): boolean {
  const host = bare(hostname);
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}

function bare(hostname: string): string {
  return hostname.toLowerCase().replace(/^\[|\]$/g, '');
}
