import { chromium, type Browser } from 'playwright-core';
import { Failure } from '../lib/interruption.ts';
import { findBrowser } from '../setup/browsers.mjs';

/**
 * A headless Chromium for VS Code's workbench. Interruptions are ours to handle: else a server would stay
 * behind.
 */
export async function launchBrowser(env: Record<string, string> = {}): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? findBrowser();
  if (!executablePath)
    throw new Failure('No Chromium was found on the PATH. Install one: sudo apt-get install chromium');
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    env: { ...(process.env as Record<string, string>), ...env },
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
