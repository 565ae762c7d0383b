import { once } from 'node:events';
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
    // Anybody may write there: a link of somebody else's to what is this user's is none of ours.
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) continue;
    const answer = await answerAt(join(path, holder));
    // Where one has just been made, nobody listens yet.
    if (answer === 'alive' || (answer === 'absent' && Date.now() - found.mtimeMs < 10_000))
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
    if (isSystemError(error, 'ENOENT')) return 'absent';
    // Whatever else is wrong here (no descriptor left, a queue that is full): it says nothing about who listens there.
    return isSystemError(error, 'ECONNREFUSED') ? 'dead' : 'alive';
  } finally {
    socket.destroy();
  }
}
