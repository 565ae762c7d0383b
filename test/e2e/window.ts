import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SuiteContext, TestContext } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launchBrowser } from '../../scripts/vscode/browser.ts';
import { speak } from '../../scripts/vscode/language.ts';
import { forgeDataFolder } from '../../scripts/vscode/profile.ts';
import { startServer, type VscodeServer } from '../../scripts/vscode/server.ts';
import { root } from '../../scripts/lib/root.ts';
import { stopForge } from '../../src/forge/process/launch.ts';
import { Workbench } from './workbench.ts';

/** The layer (scripts/layers/e2e.ts) says which package to install and where pictures go. */
function given(name: 'E2E_VSIX' | 'E2E_RESULTS'): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start these tests with npm run test:e2e.`);
  return value;
}

/** VS Code as a person gets it: the packaged extension installed, a copy of examples/ open, everything fresh. */
export class EditorWindow implements AsyncDisposable {
  readonly workbench: Workbench;
  /** The open folder, a private copy of examples/. */
  readonly workspace: string;
  /** The output folder of the settings; empty at first. */
  readonly downloads: string;
  readonly #folder: string;
  readonly #server: VscodeServer;
  readonly #browser: Browser;

  private constructor(folder: string, server: VscodeServer, browser: Browser, workbench: Workbench) {
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
    this.workbench = workbench;
    this.workspace = join(folder, 'examples');
    this.downloads = join(folder, 'downloads');
  }

  /** Where its local forge keeps its data. */
  get forgeData(): string {
    return forgeDataFolder(join(this.#folder, 'user-data'));
  }

  /**
   * Opens a window. `settings` come on top of the output folder; `context` is the browser's, and its `locale` VS
   * Code's; `prepare` changes the workspace before it is opened.
   */
  static async open(
    settings: Record<string, unknown> = {},
    context: BrowserContextOptions = {},
    prepare: (workspace: string) => Promise<void> = () => Promise.resolve(),
  ): Promise<EditorWindow> {
    const folder = await mkdtemp(join(tmpdir(), 'af-e2e-'));
    await using undo = new AsyncDisposableStack();
    undo.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
    await cp(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
    await prepare(join(folder, 'examples'));
    await mkdir(join(folder, 'downloads'));
    if (context.locale !== undefined) await speak(join(folder, 'user-data'), context.locale);
    const server = undo.use(
      await startServer({
        folder,
        smokeTestDriver: false, // it would hide the notifications
        vsix: given('E2E_VSIX'),
        settings: { 'applianceForge.download.folder': join(folder, 'downloads'), ...settings },
      }),
    );
    const browser = undo.use(await launchBrowser());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...context });
    page.setDefaultTimeout(30_000);
    await page.goto(server.address(join(folder, 'examples')));
    const workbench = new Workbench(page, given('E2E_RESULTS'));
    await workbench.ready();
    undo.move();
    return new EditorWindow(folder, server, browser, workbench);
  }

  /** Keeps a picture and VS Code's logs of a test that failed. */
  async keepIfFailed(context: SuiteContext | TestContext): Promise<void> {
    if (!('passed' in context) || context.passed) return;
    const title = `failed ${context.name}`.replaceAll(/[^a-z0-9]+/gi, '-');
    await this.workbench.picture(title).catch(() => undefined); // the failure itself matters more
    for (const logs of ['server.log', 'user-data/server/data/logs', 'user-data/logs']) {
      const from = join(this.#folder, logs);
      if (existsSync(from)) await cp(from, join(given('E2E_RESULTS'), title, logs), { recursive: true });
    }
  }

  /** Closes the window, and the forge that outlives it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#server[Symbol.asyncDispose]();
    await stopForge(this.forgeData);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
