import * as vscode from 'vscode';
import { platformOf } from '../../appliance/catalog/platformOf.ts';
import { accountId, cloudAccountsOn } from '../../generate/cloudAccount.ts';
import { deployRequest, machineFields } from '../../generate/deployRequest.ts';
import { offersFor } from '../../generate/platformOffers.ts';
import type { Deployment } from '../../tickets/deployment.ts';
import type { DeploymentService } from '../../tickets/deploymentService.ts';
import type { Publication, PublicationStore } from '../../tickets/publication.ts';
import { applianceLabel } from '../../tickets/ticket.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import type { Dto } from '../../uforge/dto.ts';
import { withProgress } from '../progress.ts';
import type { Servers } from '../server/servers.ts';
import { fieldLabel } from './fieldLabels.ts';
import { publicationsFor } from './pickPublication.ts';
import { isDeployable } from './publicationRow.ts';
import { fillIn, type SheetField } from './sheet.ts';

export interface DeployContext {
  readonly publications: PublicationStore;
  readonly deploying: DeploymentService;
  readonly servers: Servers;
  readonly reveal: (deployment: Deployment) => Promise<void>;
}

/** Makes a machine of a publication: asks what kind of machine, with what the platform offers. */
export async function deployPublication(
  args: readonly unknown[],
  context: DeployContext,
): Promise<Deployment | undefined> {
  const [publication] = await publicationsFor(args, context.publications, {
    title: vscode.l10n.t('Deploy'),
    placeHolder: vscode.l10n.t('Publication to make a machine of'),
    none: vscode.l10n.t('This needs a publication that is done, at a platform that makes machines.'),
    fits: isDeployable,
  });
  if (publication === undefined) return undefined;
  const title = vscode.l10n.t('Deploy {0}', applianceLabel(publication));
  const client = await context.servers.client(publication.server);
  const offered = await withProgress(title, (report, signal) => {
    report({ message: vscode.l10n.t('asking {0} what it offers', platformOf(publication.type)) });
    return offersOf(publication, client, signal);
  });
  if (offered.kind === 'cancelled') return undefined;
  const fields: readonly SheetField[] = [
    { name: 'name', label: fieldLabel('name'), required: true },
    ...machineFields(publication.type).map((field) => ({
      ...field,
      label: fieldLabel(field.name),
      choices: offersFor(offered.value, field.name),
    })),
  ];
  const values = await fillIn(
    fields,
    { name: publication.applianceName },
    {
      title,
      placeHolder: vscode.l10n.t('Machine at {0}: choose what to change', platformOf(publication.type)),
      done: vscode.l10n.t('Deploy'),
      doneIcon: 'vm',
    },
  );
  if (values === undefined) return undefined;
  const outcome = await withProgress(title, (_report, signal) =>
    context.deploying.deploy(publication, deployRequest(publication.type, values), signal),
  );
  if (outcome.kind === 'cancelled') return undefined;
  // A view that can't be shown must not spoil the rest.
  await context.reveal(outcome.value).catch(() => undefined);
  return outcome.value;
}

/** What the account's platform has; a server that does not say keeps nobody from typing. */
async function offersOf(
  { account }: Publication,
  client: UForgeClient,
  signal: AbortSignal,
): Promise<Dto<'CredAccountResources'>> {
  const found = (await cloudAccountsOn(client, signal)).find(({ name }) => name === account);
  if (found === undefined) return {};
  return await client
    .cloudAccountResources_get(accountId(found), { signal })
    .catch((): Dto<'CredAccountResources'> => ({}));
}
