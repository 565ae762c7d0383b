// Real VS Code without a desktop: code-server from npm holds the whole of VS Code's server and workbench. It
// lives in a package of its own (scripts/vscode-host), so that it is no dependency of the project and is
// fetched only when used.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { say } from './error.mjs';
import { npm } from './npm.mjs';
import { pinnedNode } from './ourNode.mjs';
import { root } from './paths.mjs';

const folder = join(root, 'scripts/vscode-host');
const stampFile = join(folder, 'node_modules/.ready');
const vscode = join(folder, 'node_modules/code-server/lib/vscode');

/** What an editor for this extension has no use for: about 280 MB. */
const ballast = [
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
];

export function installVscodeHost() {
  const stamp = fingerprint();
  if (read(stampFile) === stamp) return;
  const env = existsSync(pinnedNode)
    ? {
        ...process.env,
        PATH: `${join(pinnedNode, 'bin')}${delimiter}${process.env.PATH}`,
        npm_config_nodedir: pinnedNode,
      }
    : process.env;
  say('installing VS Code’s server for start and tests (once; half a minute and 250 MB)');
  npm(['ci', '--ignore-scripts'], { cwd: folder, env });
  // `npm ci` refuses here: the shrinkwrap lacks a package.
  npm(['install', '--omit=dev', '--ignore-scripts', '--no-save'], { cwd: vscode, env });
  say('compiling its two native modules');
  npm(['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], { cwd: vscode, env });
  for (const path of ballast) rmSync(join(vscode, path), { recursive: true, force: true });
  writeFileSync(stampFile, stamp);
}

/** Changes whenever the server, our Node or this recipe changes. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [
    join(folder, 'package-lock.json'),
    join(pinnedNode, 'package.json'),
    fileURLToPath(import.meta.url),
  ]) {
    hash.update(read(file) ?? process.version);
  }
  return hash.digest('hex');
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
