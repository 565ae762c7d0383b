import * as vscode from 'vscode';
import { installCommand, MachineError } from '../../machines/index.ts';
import { displayLanguage } from '../displayLanguage.ts';
import { Refusal } from '../errors.ts';

/** The error as it is; of one that names the command which installs what is missing, with that on buttons. */
export async function withInstallation(error: unknown): Promise<unknown> {
  if (!(error instanceof MachineError) || error.kind !== 'missing') return error;
  const install = await installCommand();
  if (!error.message.includes(install) || install.startsWith('https:')) return error;
  return new Refusal(error.said.in(await displayLanguage()), [
    { title: vscode.l10n.t('Run in Terminal'), run: () => runInTerminal(install) },
    { title: vscode.l10n.t('Copy Command'), run: () => vscode.env.clipboard.writeText(install) },
  ]);
}

/** Where everybody sees what it does, and types the password it asks for. */
function runInTerminal(command: string): void {
  const terminal = vscode.window.createTerminal({ name: 'QEMU' });
  terminal.show();
  terminal.sendText(command);
}
