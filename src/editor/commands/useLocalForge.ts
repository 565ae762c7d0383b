import { writeServer } from '../settings.ts';

/** New images are built by the local forge from now on. Credentials of the other server stay in the vault. */
export async function useLocalForge(): Promise<void> {
  await writeServer('', '');
}
