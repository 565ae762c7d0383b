import { join } from 'node:path';
import type * as vscode from 'vscode';
import { findForge, launchForge, stopForge, type ForgeAddress } from '../../forge/process/launch.ts';
import { readSettings } from '../settings.ts';

/**
 * The local forge, started when it is needed. It belongs to the person, not to this window: other windows
 * find the same one, it outlives a reload, and it ends by itself when idle.
 */
export class LocalForge {
  readonly #script: string;
  readonly dataDir: string;
  #starting: Promise<ForgeAddress> | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.#script = join(context.extensionPath, 'dist', 'forge.js');
    this.dataDir = join(context.globalStorageUri.fsPath, 'forge');
  }

  /** Starts or finds the forge. Calls at the same time share one start. */
  start(signal?: AbortSignal): Promise<ForgeAddress> {
    const starting = (this.#starting ??= this.#launch().finally(() => (this.#starting = undefined)));
    return signal === undefined ? starting : abortable(starting, signal);
  }

  /** The forge when it runs, without starting it. */
  find(): Promise<ForgeAddress | undefined> {
    return findForge(this.dataDir);
  }

  /** Ends the forge, and with it every build that runs in it. Says whether there was one. */
  stop(): Promise<boolean> {
    return stopForge(this.dataDir);
  }

  #launch(): Promise<ForgeAddress> {
    const cacheDir = process.env['FORGE_CACHE'];
    const { idleMinutes, builds, cacheGigabytes, mirror, snapshotMirror } = readSettings();
    return launchForge({
      script: this.#script,
      dataDir: this.dataDir,
      ...(cacheDir !== undefined && cacheDir !== '' && { cacheDir }),
      // On desktop, execPath is Electron: the variable makes it behave as Node.
      execPath: process.execPath,
      env: {
        ELECTRON_RUN_AS_NODE: '1',
        ...(mirror !== '' && { FORGE_MIRROR: mirror }),
        ...(snapshotMirror !== '' && { FORGE_SNAPSHOT_MIRROR: snapshotMirror }),
      },
      idleMinutes,
      cacheGigabytes,
      ...(builds !== undefined && { builds }),
    });
  }
}

/** Stops waiting when the signal is aborted; the start itself goes on, others may wait for it. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
