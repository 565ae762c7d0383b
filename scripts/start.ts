// `npm start`: the packaged extension in VS Code, with examples/ open.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findForge, stopForge } from '../src/forge/process/launch.ts';
import { onPath } from './setup/browsers.mjs';
import { Failure, runMain } from './lib/interruption.ts';
import { runGroup } from './lib/processGroup.ts';
import { root } from './lib/root.ts';
import { forgeBuilds } from './vscode/forgeBuilds.ts';
import { freePort } from './vscode/port.ts';
import { forgeDataFolder } from './vscode/profile.ts';
import { startServer } from './vscode/server.ts';
import { packageQuietly } from './vscode/vsix.ts';

const folder = join(root, '.cache/start');
const examples = join(root, 'examples');
const env = { FORGE_CACHE: process.env['FORGE_CACHE'] ?? join(root, '.cache/forge') };
/** The same from start to start where possible: a browser keeps layout and secrets by address. */
const preferredPort = 8139;

await runMain(async (_args, signal) => {
  await mkdir(folder, { recursive: true });
  console.error('Building the extension …');
  const vsix = await packageQuietly(join(folder, 'appliance-forge.vsix'), signal);
  const desktop = (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']) ? onPath('code') : undefined;
  try {
    await (desktop === undefined ? inBrowser(vsix, signal) : onDesktop(desktop, vsix, signal));
  } finally {
    await leaveForge(forgeDataFolder(join(folder, 'user-data')));
  }
  return 0;
});

/** VS Code's server on loopback, until Ctrl-C. */
async function inBrowser(vsix: string, signal: AbortSignal): Promise<void> {
  await using server = await startServer({
    folder,
    smokeTestDriver: false,
    env,
    vsix,
    port: await freePort(preferredPort),
    signal,
  });
  console.log(`Appliance Forge is ready: ${server.address(examples)}`);
  console.error('Open the address in a browser on this machine. Ctrl-C ends it.');
  await Promise.race([
    server.exited,
    new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true })),
  ]);
  if (!signal.aborted)
    throw new Failure(`VS Code’s server has ended by itself. Its output: ${server.logFile}`);
}

/** Desktop VS Code with a profile of its own, until its window is closed. */
async function onDesktop(code: string, vsix: string, signal: AbortSignal): Promise<void> {
  const profile = [
    ...['--user-data-dir', join(folder, 'user-data'), '--extensions-dir', join(folder, 'extensions')],
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  const options = { env: { ...process.env, ...env }, signal };
  const installed = await runGroup(code, [...profile, '--install-extension', vsix, '--force'], options);
  if (installed !== 0) throw new Failure(`${code} could not install ${vsix} (exit code ${installed}).`);
  console.log(`Appliance Forge is open in VS Code: ${examples}`);
  await runGroup(
    code,
    [...profile, '--new-window', '--wait', '--skip-welcome', '--disable-workspace-trust', examples],
    options,
  );
}

/**
 * The forge outlives windows. When we end, an idle one ends with us; one that builds goes on and is named.
 */
async function leaveForge(dataDir: string): Promise<void> {
  const forge = await findForge(dataDir).catch(() => undefined);
  if (!forge) return;
  if ((await forgeBuilds(dataDir)) === 0) await stopForge(dataDir);
  else {
    console.error(
      `The local forge (process ${forge.pid}) goes on building and ends by itself when it has been idle. ` +
        `Stop it now: kill ${forge.pid}`,
    );
  }
}
