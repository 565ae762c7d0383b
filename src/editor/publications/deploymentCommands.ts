import * as vscode from 'vscode';
import type { DeploymentStore } from '../../tickets/deployment.ts';
import type { DeploymentService } from '../../tickets/deploymentService.ts';
import { forEachTicket } from '../images/eachTicket.ts';
import { askInput } from '../inputs.ts';
import { confirmed } from '../messages.ts';
import { ActionableError } from '../errors.ts';
import { deploymentsFor } from './pickPublication.ts';

export interface DeploymentContext {
  readonly store: DeploymentStore;
  readonly service: DeploymentService;
}

/** Ends machines at their platform, after having asked: what is on them is lost. */
export async function terminateDeployments(
  args: readonly unknown[],
  { store, service }: DeploymentContext,
): Promise<void> {
  const deployments = await deploymentsFor(args, store, {
    title: vscode.l10n.t('Terminate Machine'),
    placeHolder: vscode.l10n.t('Machine to terminate'),
    none: vscode.l10n.t('There is no machine to terminate.'),
    fits: () => true,
  });
  const [first] = deployments;
  if (first === undefined) return;
  const question =
    deployments.length === 1
      ? vscode.l10n.t('Terminate {0}?', first.name)
      : vscode.l10n.t('Terminate {0} machines?', deployments.length);
  const detail = vscode.l10n.t(
    'It is deleted at its platform with all that is on it. The publication stays.',
  );
  if (await confirmed(question, detail, vscode.l10n.t('Terminate')))
    await forEachTicket(deployments, (each) => service.terminate(each));
}

/** Opens a terminal on a machine. Whom to log in as is asked where the server does not say. */
export async function connectWithSsh(args: readonly unknown[], { store }: DeploymentContext): Promise<void> {
  const [deployment] = await deploymentsFor(args, store, {
    title: vscode.l10n.t('Connect with SSH'),
    placeHolder: vscode.l10n.t('Machine to connect to'),
    none: vscode.l10n.t('This needs a machine that runs and has an address.'),
    fits: ({ state, address }) => state === 'done' && address !== undefined,
  });
  if (deployment?.address === undefined) return;
  const { name, address } = deployment;
  const login = deployment.login ?? (await askLogin(address));
  if (login === undefined) return;
  // A server’s words become arguments of a program: nothing that ssh would take for an option.
  for (const word of [login, address]) {
    if (!/^[\p{L}\p{N}_][\p{L}\p{N}_.:%-]*$/u.test(word))
      throw new ActionableError(vscode.l10n.t('“{0}” is nothing to connect to.', word));
  }
  vscode.window
    .createTerminal({ name: `SSH: ${name}`, shellPath: 'ssh', shellArgs: ['-l', login, '--', address] })
    .show();
}

async function askLogin(address: string): Promise<string | undefined> {
  return await askInput({
    title: vscode.l10n.t('Connect with SSH'),
    prompt: vscode.l10n.t('Login name on {0}', address),
    value: 'root',
    wrong: (value) => (value.trim() === '' ? vscode.l10n.t('A login name is needed.') : undefined),
  });
}
