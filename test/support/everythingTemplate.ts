import { execFile } from 'node:child_process';
import { cp, readFile, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { packTemplate } from '../../src/appliance/archive/packTemplate.ts';
import type { Template } from '../../src/appliance/template/model/template.ts';
import { unpackTemplate } from '../../src/appliance/archive/unpackTemplate.ts';

const run = promisify(execFile);
const source = resolve(import.meta.dirname, '../appliances/everything');

/**
 * The appliance with every option, packed and unpacked as on its way to the forge. Its package and its
 * archive are made here, in the new folder `folder`.
 */
export async function everything(folder: string): Promise<{ template: Template; filesDir: string }> {
  const workspace = join(folder, 'workspace');
  await cp(source, workspace, { recursive: true });
  await run('dpkg-deb', ['--root-owner-group', '--build', 'package', 'forge-sample.deb'], { cwd: workspace });
  await symlink('ABOUT', join(workspace, 'archive/about-link'));
  await run('tar', ['-czf', 'tools.tar.gz', '-C', 'archive', '.'], { cwd: workspace });
  const archive = await packTemplate(join(workspace, 'template.yml'));
  const filesDir = join(folder, 'unpacked');
  const { template } = await unpackTemplate(archive.content(), filesDir);
  await rm(workspace, { recursive: true });
  return { template, filesDir };
}

/** How many checks the script inside makes. */
export async function numberOfChecks(): Promise<number> {
  const script = await readFile(join(source, 'config/check.sh'), 'utf8');
  return script.match(/^check '/gm)?.length ?? 0;
}
