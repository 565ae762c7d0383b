import { join } from 'node:path';

/** Where the extension's local forge keeps its data in a VS Code user-data folder. */
export const forgeDataFolder = (userData: string): string =>
  join(userData, 'User/globalStorage/appliance-forge.appliance-forge/forge');
