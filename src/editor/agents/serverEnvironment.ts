import { delimiter } from 'node:path';
import { variables } from '../../generate/variables.ts';
import type { Credentials } from '../server/credentials.ts';
import type { Route } from '../server/proxySettings.ts';
import type { ServerTrust } from '../server/transport.ts';

/** How the window reaches a server, as a process's environment; `null` takes a variable away. */
export function serverEnvironment(
  credentials: Credentials,
  { caFiles, pinnedPem }: ServerTrust,
  route: Route,
): Record<string, string | null> {
  const { password, apiKey, secretKey, caFiles: authorities, certificate } = variables;
  return {
    ...(credentials.kind === 'password'
      ? { [password]: credentials.password }
      : { [apiKey]: credentials.publicKey, [secretKey]: credentials.secretKey }),
    [authorities]: caFiles.length === 0 ? null : caFiles.join(delimiter),
    [certificate]: pinnedPem ?? null,
    ...proxyVariables(route),
  };
}

/** Only the window finds the system's proxy by itself: there the environment stays as it is. */
function proxyVariables({ mode, proxy }: Route): Record<string, string> {
  if (mode === 'system') return {};
  return mode === 'direct'
    ? { no_proxy: '*' }
    : { https_proxy: proxy.href, http_proxy: proxy.href, no_proxy: '' };
}
