/**
 * Whether what is sent to a server can be read by others on the way, the password too: `http:` to another computer.
 * Only names that lead nowhere else count as this computer: who asks for `x.localhost` may be sent elsewhere by DNS.
 */
export function isPlainHttp({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
