import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startSignedMirror, type SignedMirror } from './signedMirror.ts';

const run = promisify(execFile);

/** An archive on loopback with a package of its own, appliance-greeting, which needs one of Debian's. */
export interface PackageArchive extends SignedMirror {
  /** Armoured. */
  readonly key: string;
  /** From now on it has this version. */
  readonly publish: (version: string) => Promise<void>;
}

/** @param folder for its keys and its package */
export async function startPackageArchive(folder: string): Promise<PackageArchive> {
  const archive = await startSignedMirror(folder);
  const publish = async (version: string): Promise<void> => {
    const tree = join(folder, 'tree');
    await mkdir(join(tree, 'DEBIAN'), { recursive: true });
    const control = {
      ...{ Package: 'appliance-greeting', Version: version, Architecture: 'all' },
      ...{ Maintainer: 'me <me@localhost>', Depends: 'hello', Description: 'greets' },
    };
    const fields = Object.entries(control).map(([name, value]) => `${name}: ${value}\n`);
    await writeFile(join(tree, 'DEBIAN/control'), fields.join(''));
    const deb = join(folder, 'greeting.deb');
    await run('dpkg-deb', ['--root-owner-group', '--build', tree, deb]);
    const bytes = await readFile(deb);
    const path = `pool/greeting_${version}.deb`;
    archive.put(path, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const packages = `${fields.join('')}Filename: ${path}\nSize: ${bytes.length}\nSHA256: ${sha256}\n\n`;
    await archive.serve('greetings', { codename: 'greetings', packages });
  };
  await publish('1.0');
  const armour = ['--no-default-keyring', '--keyring', archive.keyring, '--armor', '--export'];
  const { stdout: key } = await run('gpg', ['--homedir', join(folder, 'keys'), ...armour]);
  return Object.assign(archive, { key, publish });
}
