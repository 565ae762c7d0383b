import { execFile } from 'node:child_process';
import { sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { basic } from '../forge/server/support.ts';

export interface TokenServer extends AsyncDisposable {
  /** What a registry's configuration says of it. */
  readonly auth: string;
  /** The scopes that were asked for with the right password. */
  readonly asked: readonly string[];
}

/** Signs tokens for a registry: Docker's token authentication, with which a registry trusts one certificate. */
export async function startTokenServer(user: {
  readonly login: string;
  readonly password: string;
  /** The one repository. */
  readonly mayPush: string;
}): Promise<TokenServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tokens-'));
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=tokens', '-days', '2'],
    ...['-keyout', keyFile, '-out', certificateFile],
  ]);
  const key = await readFile(keyFile, 'utf8');
  const certificate = new X509Certificate(await readFile(certificateFile));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const scope = new URL(request.url ?? '', 'http://x').searchParams.get('scope') ?? '';
    if (request.headers.authorization !== basic(user.login, user.password)) {
      response.writeHead(401).end('{"details":"incorrect username or password"}');
      return;
    }
    asked.push(scope);
    const [type, name, actions = ''] = scope.split(':');
    const may = name === user.mayPush ? actions.split(',') : [];
    const now = Math.floor(Date.now() / 1000);
    const head = { typ: 'JWT', alg: 'RS256', x5c: [certificate.raw.toString('base64')] };
    const claims = {
      ...{ iss: 'tokens', sub: user.login, aud: 'registry', jti: String(asked.length) },
      ...{ iat: now, nbf: now - 10, exp: now + 300, access: [{ type, name, actions: may }] },
    };
    const text = [head, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const token = `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
    response.end(JSON.stringify({ token }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return {
    auth: `auth: { token: { realm: '${realm}', service: registry, issuer: tokens, rootcertbundle: ${certificateFile} } }\n`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
