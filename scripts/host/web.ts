import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { format } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../vscode/browser.ts';
import { startServer } from '../vscode/server.ts';
import type { HostRun } from './run.ts';

/**
 * Runs the tests in VS Code's server with a headless browser. Resolves to a sentence when that went wrong.
 */
export async function runInBrowser(run: HostRun): Promise<string | undefined> {
  await using server = await startServer({
    folder: run.folder,
    smokeTestDriver: true,
    env: run.env,
    signal: run.signal,
  });
  await using browser = await launchBrowser(run.env);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const consoleLines: string[] = [];
  try {
    const end = new Promise<string | undefined>((resolve) => {
      void server.exited.then(() => resolve('VS Code’s server ended under the tests'));
      page.on('crash', () => resolve('the browser crashed'));
      run.signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
      void sleep(run.minutes * 60_000, undefined, { ref: false }).then(() =>
        resolve(`no end after ${run.minutes} minutes`),
      );
      void listenToWorkbench(page, consoleLines, (code) =>
        resolve(code === 0 ? undefined : `VS Code reports ${code}`),
      )
        .then(() =>
          page.goto(
            server.address(run.workspace, {
              skipWelcome: 'true',
              extensionDevelopmentPath: server.uri(run.bundle.extension),
              extensionTestsPath: server.uri(run.bundle.entry),
            }),
          ),
        )
        .catch((error: unknown) => resolve(String(error)));
    });
    const trouble = await end;
    if (trouble !== undefined || run.report.outcome?.type !== 'end' || run.report.outcome.failed > 0) {
      await page
        .screenshot({ path: join(run.results, 'at-the-end.png'), timeout: 10_000 })
        .catch(() => undefined);
    }
    return trouble;
  } finally {
    await mkdir(run.results, { recursive: true });
    await writeFile(join(run.results, 'console.log'), consoleLines.join('\n'));
  }
}

/** The two functions that VS Code's workbench calls when it runs tests. */
async function listenToWorkbench(page: Page, lines: string[], exit: (code: number) => void): Promise<void> {
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    lines.push(`${type}: ${format(...args)}`);
  });
  await page.exposeFunction('codeAutomationExit', exit);
}
