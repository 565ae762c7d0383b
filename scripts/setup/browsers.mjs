import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Chromium and its kin, as their packages call them. */
const programs = ['chromium', 'google-chrome-stable', 'google-chrome', 'microsoft-edge', 'chromium-browser'];

/** Where a program is on the PATH. */
export function onPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** A browser that VS Code's workbench runs in. */
export const findBrowser = () => programs.map(onPath).find((file) => file !== undefined);
