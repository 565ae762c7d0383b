import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Failure } from '../lib/interruption.ts';
import { Group, runGroup } from '../lib/processGroup.ts';
import { root } from '../lib/root.ts';
import { profileSettings } from './settings.ts';

export interface ServerOptions {
  /** Private to this server: user data, extensions, logs. Exists. */
  folder: string;
  /** Lets an address name an extension under development and its tests; hides notification toasts. */
  smokeTestDriver: boolean;
  /** User settings, on top of the quiet ones. */
  settings?: Record<string, unknown>;
  env?: Record<string, string>;
  /** A .vsix to install before the server starts. */
  vsix?: string;
  port?: number;
  signal?: AbortSignal;
}

/** VS Code's own server and workbench, on loopback, reached with a browser. */
export interface VscodeServer extends AsyncDisposable {
  readonly port: number;
  /** Where the server keeps what it prints. */
  readonly logFile: string;
  /** Resolves when the server has ended. */
  readonly exited: Promise<unknown>;
  /** The address of a window with this folder open; `payload` needs the smoke test driver. */
  address(folder: string, payload?: Record<string, string>): string;
  /** A path as the workbench names it. */
  uri(path: string): string;
}

const vscode = join(root, 'scripts/vscode-host/node_modules/code-server/lib/vscode');

/** No gallery: nothing is looked up outside. */
const noGallery = {
  serviceUrl: '',
  itemUrl: '',
  resourceUrlTemplate: '',
  controlUrl: '',
  recommendationsUrl: '',
};

/** Starts the server in a process group of its own; disposing of it ends the group. */
export async function startServer(options: ServerOptions): Promise<VscodeServer> {
  const { folder, signal } = options;
  const userData = join(folder, 'user-data');
  const runtime = join(folder, 'runtime');
  const tokenFile = join(folder, 'token');
  const token = randomBytes(16).toString('hex');
  await mkdir(join(userData, 'User'), { recursive: true });
  await mkdir(runtime, { recursive: true, mode: 0o700 });
  await writeFile(tokenFile, token, { mode: 0o600 });
  await profileSettings(join(userData, 'User/settings.json'), options.settings ?? {});
  const env = {
    ...cleanEnvironment(),
    XDG_RUNTIME_DIR: runtime,
    EXTENSIONS_GALLERY: JSON.stringify(noGallery),
    ...options.env,
  };
  const common = [
    join(vscode, 'out/server-main.js'),
    ...['--user-data-dir', userData, '--server-data-dir', join(userData, 'server')],
    ...['--extensions-dir', join(folder, 'extensions'), '--accept-server-license-terms'],
  ];
  if (options.vsix) await installExtension(common, options.vsix, env, signal);

  const logFile = join(folder, 'server.log');
  const server = new Group(
    process.execPath,
    [
      ...common,
      ...['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--connection-token-file', tokenFile],
      ...(options.smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
      ...[
        '--disable-telemetry',
        '--telemetry-level',
        'off',
        '--disable-experiments',
        '--disable-update-check',
      ],
      ...['--disable-getting-started-override', '--force-disable-user-env', '--without-browser-env-var'],
      ...(options.settings?.['security.workspace.trust.enabled'] === true
        ? []
        : ['--disable-workspace-trust']),
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'], ...(signal ? { signal } : {}) },
  );
  try {
    const port = await listening(server, logFile);
    const uri = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
    return {
      port,
      logFile,
      exited: server.exited,
      uri,
      address(workspace, payload = {}) {
        const query = new URLSearchParams({ tkn: token, folder: workspace });
        if (Object.keys(payload).length > 0) query.set('payload', JSON.stringify(Object.entries(payload)));
        return `http://127.0.0.1:${port}/?${query.toString().replaceAll('+', '%20').replaceAll('%2F', '/')}`;
      },
      [Symbol.asyncDispose]: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function listening(server: Group, logFile: string): Promise<number> {
  const log = createWriteStream(logFile);
  server.child.stderr?.pipe(log, { end: false });
  const output = server.child.stdout;
  if (!output) throw new TypeError('the output must be a pipe');
  const lines = createInterface({ input: output });
  server.child.once('close', () => log.end());
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      reject(new Failure(`VS Code’s server did not start within 60 s. Its output: ${logFile}`));
    }, 60_000);
    lines.on('line', (line) => {
      log.write(`${line}\n`);
      const port = /Extension host agent listening on (\d+)/.exec(line)?.[1];
      if (port === undefined) return;
      clearTimeout(deadline);
      resolve(Number(port));
    });
    server.child.once('close', () => {
      clearTimeout(deadline);
      reject(new Failure(`VS Code’s server ended before it listened. Its output: ${logFile}`));
    });
  });
}

async function installExtension(
  common: string[],
  vsix: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<void> {
  const code = await runGroup(process.execPath, [...common, '--install-extension', vsix, '--force'], {
    env,
    stdio: ['ignore', 2, 2],
    ...(signal ? { signal } : {}),
  });
  if (code !== 0) throw new Failure(`VS Code could not install ${vsix} (exit code ${code}).`);
}

/** Ours without what a surrounding VS Code, Electron or debugger would leak in. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_CHANNEL|NODE_TEST_CONTEXT$|npm_)/.test(name),
    ),
  );
}
