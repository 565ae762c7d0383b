import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MachineError } from './machineError.ts';
import { output } from './program.ts';

/** A key that was made for one machine, and goes with its folder. */
export interface AccessKey {
  readonly keyFile: string;
  /** As `-smbios` takes it. */
  readonly smbios: string;
}

/**
 * Handed in by the firmware (SMBIOS type 11), which this machine's alone says, so that nobody gets in elsewhere: systemd
 * 252 and later reads lines for tmpfiles.d from there (tmpfiles.extra, systemd-tmpfiles(8)). The credential that is made
 * for it, ssh.authorized_keys.root, does nothing where root has keys already. Undefined where OpenSSH is not installed.
 */
export async function makeAccessKey(folder: string): Promise<AccessKey | undefined> {
  const keyFile = join(folder, 'key');
  try {
    await output('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'appliance-forge', '-f', keyFile]);
  } catch (error) {
    if (error instanceof MachineError && error.kind === 'missing') return undefined;
    throw error;
  }
  const key = (await readFile(`${keyFile}.pub`, 'utf8')).trim();
  const lines = `d /root/.ssh :0700 root :root
f /root/.ssh/authorized_keys :0600 root :root
w+ /root/.ssh/authorized_keys - - - - \\n${key}\\n
`;
  const encoded = Buffer.from(lines).toString('base64');
  return { keyFile, smbios: `type=11,value=io.systemd.credential.binary:tmpfiles.extra=${encoded}` };
}
