import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import type { HostRun } from './run.ts';

/**
 * Runs the same tests in desktop VS Code: a downloaded one, or `executable`. Needs a display (`xvfb-run npm
 * run …` brings one). Resolves to a sentence when that went wrong.
 */
export async function runOnDesktop(
  run: HostRun,
  executable: string | undefined,
): Promise<string | undefined> {
  const timeout = AbortSignal.any([run.signal, AbortSignal.timeout(run.minutes * 60_000)]);
  const given = new Promise<string>((resolve) => {
    timeout.addEventListener('abort', () => resolve(`no end after ${run.minutes} minutes`), { once: true });
  });
  const tests = runTests({
    ...(executable === undefined ? { version: 'stable' } : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: run.bundle.extension,
    extensionTestsPath: run.bundle.entry,
    extensionTestsEnv: run.env,
    launchArgs: [
      run.workspace,
      '--user-data-dir',
      join(run.folder, 'user-data'),
      '--extensions-dir',
      join(run.folder, 'extensions'),
      '--disable-workspace-trust',
      '--skip-welcome',
    ],
  });
  return Promise.race([
    tests.then(
      (code) => (code === 0 ? undefined : `VS Code reports ${code}`),
      (error: unknown) => String(error),
    ),
    given,
  ]);
}
