import { join } from 'node:path';
import { Failure } from '../lib/interruption.ts';
import { runGroup } from '../lib/processGroup.ts';
import { root } from '../lib/root.ts';

/** Makes the .vsix without the packager's listing; what goes wrong is shown. Returns the file's path. */
export async function packageQuietly(file: string, signal: AbortSignal): Promise<string> {
  const code = await runGroup(process.execPath, [join(root, 'scripts/package.ts'), file], {
    stdio: ['ignore', 'ignore', 2],
    signal,
  });
  if (code !== 0) throw new Failure('The extension could not be packaged (see above).');
  return file;
}
