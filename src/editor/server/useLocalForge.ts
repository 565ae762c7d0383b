import { buildOn } from '../settings.ts';

/** New images are built by the local forge from now on. Other servers stay, and so do their credentials. */
export async function useLocalForge(): Promise<void> {
  await buildOn('');
}
