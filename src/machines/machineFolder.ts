import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { basename, join } from 'node:path';
import { isSystemError } from '../uforge/systemError.ts';
import { machinesFolder } from './userFolders.ts';

const prefix = 'appliance-forge-machine-';
/** In it listens whoever made the folder: what nobody answers at was left by one that was killed. */
const holder = 'holder';
const usesFile = 'uses';

/** Where one machine has its socket, its key and what it writes; only this user sees into it. */
export interface MachineFolder extends AsyncDisposable {
  readonly path: string;
  readonly id: string;
}

/** @param uses the unpacked images it reads, as the cache calls them */
export async function makeMachineFolder(uses: string | undefined): Promise<MachineFolder> {
  const path = await mkdtemp(join(machinesFolder(), prefix));
  const server = createServer((socket) => socket.destroy());
  // Not what keeps a process alive.
  server.unref();
  try {
    server.listen(join(path, holder));
    await once(server, 'listening');
    if (uses !== undefined) await writeFile(join(path, usesFile), uses);
  } catch (error) {
    server.close();
    await rm(path, { recursive: true, force: true });
    throw error;
  }
  return {
    path,
    id: basename(path).slice(prefix.length),
    async [Symbol.asyncDispose]() {
      server.close();
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Removes what machines have left whose starter was killed, and says what the living ones use of the cache. */
export async function usedByOthers(): Promise<ReadonlySet<string>> {
  const used = new Set<string>();
  const folder = machinesFolder();
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(folder, name);
    const { uid, mtimeMs } = await stat(path).catch(() => ({ uid: -1, mtimeMs: 0 }));
    if (uid !== process.getuid?.()) continue;
    const answer = await answerAt(join(path, holder));
    // Where one has just been made, nobody listens yet.
    if (answer === 'alive' || (answer === 'absent' && Date.now() - mtimeMs < 10_000))
      used.add(await readFile(join(path, usesFile), 'utf8').catch(() => ''));
    else await rm(path, { recursive: true, force: true });
  }
  return used;
}

async function answerAt(socketPath: string): Promise<'alive' | 'dead' | 'absent'> {
  const socket = connect(socketPath);
  try {
    await once(socket, 'connect');
    return 'alive';
  } catch (error) {
    return isSystemError(error, 'ENOENT') ? 'absent' : 'dead';
  } finally {
    socket.destroy();
  }
}
