import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the systems want what can be made anew: `XDG_CACHE_HOME`, Apple's and Microsoft's places. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME: xdg = '', LOCALAPPDATA: local = '' } = env;
  // The specification says that a path that is not absolute is to be ignored.
  if (xdg.startsWith('/')) return join(xdg, 'appliance-forge');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'appliance-forge');
  if (process.platform === 'win32' && local !== '') return join(local, 'appliance-forge', 'cache');
  return join(homedir(), '.cache', 'appliance-forge');
}

/**
 * Where machines write. Paths of sockets are short, and what a machine writes can be much: QEMU, too, takes /var/tmp and
 * not /tmp, which is often memory.
 */
export function machinesFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { TMPDIR: chosen = '' } = env;
  if (chosen !== '') return chosen;
  return process.platform === 'linux' ? '/var/tmp' : tmpdir();
}
