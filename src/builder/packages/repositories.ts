import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError } from '../model.ts';
import { giveToBuild } from '../sandbox/identity.ts';
import { startWebProxy, type WebProxy } from '../sandbox/webProxy.ts';
import { messageOf } from '../../uforge/messageOf.ts';

/** In an apt folder: logins for the archives that a template names (apt_auth.conf(5)). No other run of apt reads them. */
export const loginsFile = 'repositories.auth';

/** A file with such logins, of whoever runs the forge: each is for a server, whatever a template calls its archive. */
const loginsVariable = 'FORGE_REPOSITORY_AUTH';

/** Servers of this computer's or a private network that archives may be on, such as `repo.lan,10.1.2.3:8080`. */
const hostsVariable = 'FORGE_REPOSITORY_HOSTS';

/** The one way apt has to archives that a template names, and what it was refused there. */
interface WayToRepositories extends WebProxy {
  readonly refusal: () => string | undefined;
}

/**
 * What a template names is a stranger's address: apt reaches it through the proxy that programs of a template get, which
 * leads to the web and to the servers that whoever runs the forge has named, and it has no other network meanwhile.
 */
export async function startWayToRepositories(
  aptFolder: string,
  log: (line: string) => void,
  environment = process.env,
): Promise<WayToRepositories> {
  const logins = environment[loginsVariable] ?? '';
  if (logins !== '') {
    const file = join(aptFolder, loginsFile);
    await copyFile(logins, file).catch((error: unknown) => {
      throw new BuildError(`The file that ${loginsVariable} names can't be read.`, messageOf(error));
    });
    await chmod(file, 0o600);
    await giveToBuild(file);
  }
  let refused: string | undefined;
  const web = await startWebProxy(log, {
    who: 'apt',
    allowed: (environment[hostsVariable] ?? '').split(/[\s,]+/).filter((host) => host !== ''),
    onRefused: (host, where) => {
      refused ??=
        `The archive on ${host}, which the template names, is on ${where}: a template may not reach that. ` +
        `Start the forge with ${hostsVariable}=${host} if it may.`;
    },
  });
  return { ...web, refusal: () => refused };
}
