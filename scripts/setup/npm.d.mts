/** Whether a folder's node_modules holds exactly what its package-lock.json says. */
export function nodeModulesFit(folder: string): boolean;
