import { readFile, writeFile } from 'node:fs/promises';

/** An editor that starts quietly and asks nothing. */
const quiet = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.localHistory.enabled': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

/** Writes the user settings of a profile; what a person has changed there stays. */
export async function profileSettings(file: string, settings: Record<string, unknown>): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const present = parsed(text);
  if (!present) return; // edited by hand, with comments: all theirs
  await writeFile(file, `${JSON.stringify({ ...quiet, ...settings, ...present }, undefined, 2)}\n`);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
