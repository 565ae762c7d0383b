import { parentPort, workerData } from 'node:worker_threads';
import { encrypt } from 'unixcrypt';

/** A password with the settings of its hash (`$6$salt`). */
export type ToHash = readonly [password: string, settings: string];

/** The thread of `hashPasswords`: it answers with all hashes, in order. */
const hashes = (workerData as readonly ToHash[]).map(([password, settings]) => encrypt(password, settings));
parentPort?.postMessage(hashes);
