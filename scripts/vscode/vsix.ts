import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Failure } from '../lib/interruption.ts';
import { Group } from '../lib/processGroup.ts';
import { root } from '../lib/root.ts';

/**
 * Makes the .vsix without a word of the packager, which takes chunks that are read on demand for a lack of bundling;
 * what goes wrong is shown. Returns the file's path.
 */
export async function packageQuietly(file: string, signal: AbortSignal): Promise<string> {
  await using group = new Group(process.execPath, [join(root, 'scripts/package.ts'), file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  const { stderr } = group.child;
  const [{ code }, said] = await Promise.all([group.exited, stderr === null ? '' : text(stderr)]);
  signal.throwIfAborted();
  if (code !== 0) throw new Failure(`${said}The extension could not be packaged (see above).`);
  return file;
}
