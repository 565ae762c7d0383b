// Set-up is part of every command: it brings what is missing and costs next to nothing when nothing is.
import { join } from 'node:path';
import { installDebianPackages } from './debian.mjs';
import { installNodeModules } from './npm.mjs';
import { root } from './paths.mjs';
import { installVscodeHost } from './vscodeHost.mjs';
import { withLock } from './lock.mjs';

export { SetupError } from './error.mjs';

/** Brings what the command needs. Chatter goes to stderr: stdout belongs to the command. */
export async function setUp(command, args) {
  await withLock(async () => {
    installDebianPackages(command.packages?.(args) ?? []);
    installNodeModules();
    for (const folder of command.folders ?? []) installNodeModules(join(root, folder));
    if (command.vscodeHost?.(args)) installVscodeHost();
  });
}
