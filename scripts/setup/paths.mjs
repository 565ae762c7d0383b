import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, without a slash at its end. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
