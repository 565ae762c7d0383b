import { once } from 'node:events';
import { createServer } from 'node:net';

/** The preferred port of 127.0.0.1 if nobody has it, else 0: any. */
export async function freePort(preferred: number): Promise<number> {
  const probe = createServer().listen(preferred, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    return 0;
  }
  probe.close();
  await once(probe, 'close');
  return preferred;
}
