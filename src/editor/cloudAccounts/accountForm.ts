import * as vscode from 'vscode';
import {
  accountCertificates,
  accountFields,
  publishKinds,
  textsOf,
  type PublishKind,
} from '../../appliance/catalog/publishKinds.ts';
import { accountId, accountRequest, kindOfAccount, type CloudAccount } from '../../generate/cloudAccount.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import { isSecret } from '../../uforge/schema/secrets.ts';
import { pickOne } from '../inputs.ts';
import { withProgress } from '../progress.ts';
import { fieldLabel } from '../publications/fieldLabels.ts';
import { fillIn, type SheetField } from '../publications/sheet.ts';

/** Asks for a new cloud account and has the server keep it. Nothing when the person leaves it. */
export async function addAccount(
  client: UForgeClient,
  server: string,
  kinds: readonly PublishKind[] = publishKinds,
): Promise<CloudAccount | undefined> {
  const title = vscode.l10n.t('Add Cloud Account on {0}', server);
  const rows = kinds.map((chosen) => ({ chosen, label: chosen.platform }));
  const kind =
    rows.length === 1
      ? rows[0]?.chosen
      : (await pickOne(rows, { title, placeHolder: vscode.l10n.t('Platform the account is for') }))?.chosen;
  if (kind === undefined) return undefined;
  const values = await fillIn(fieldsOf(kind), {}, { ...texts(title, kind), done: vscode.l10n.t('Add') });
  if (values === undefined) return undefined;
  return await kept(title, (signal) =>
    client.cloudAccount_create({}, accountRequest(kind, values['name'] ?? '', values), { signal }),
  );
}

/** Asks what to change of an account. Secrets are write-only: what is left empty stays as the server has it. */
export async function editAccount(
  client: UForgeClient,
  account: CloudAccount,
): Promise<CloudAccount | undefined> {
  const kind = kindOfAccount(account.$type);
  if (kind === undefined) return undefined;
  const current = await client.cloudAccount_get(accountId(account));
  const title = vscode.l10n.t('Edit Cloud Account {0}', current.name ?? '');
  const known = { name: current.name ?? '', ...textsOf(current, accountFields(kind)) };
  const fields = fieldsOf(kind, current.secretsMissing !== true);
  const values = await fillIn(fields, known, { ...texts(title, kind), done: vscode.l10n.t('Save') });
  if (values === undefined) return undefined;
  const request = accountRequest(kind, values['name'] ?? '', values, current);
  return await kept(title, (signal) => client.cloudAccount_update(accountId(current), request, { signal }));
}

function texts(title: string, { platform }: PublishKind) {
  return {
    title,
    placeHolder: vscode.l10n.t('Account at {0}: choose what to change', platform),
    doneIcon: 'check',
  };
}

async function kept(
  title: string,
  send: (signal: AbortSignal) => Promise<CloudAccount>,
): Promise<CloudAccount | undefined> {
  const outcome = await withProgress(title, (_report, signal) => send(signal));
  return outcome.kind === 'done' ? outcome.value : undefined;
}

function fieldsOf(kind: PublishKind, secretsKept = false): readonly SheetField[] {
  return [
    { name: 'name', label: fieldLabel('name'), required: true },
    ...accountFields(kind).map((field) => ({
      ...field,
      label: fieldLabel(field.name),
      kept: secretsKept && isSecret(field.name),
    })),
    ...accountCertificates(kind).map(({ type, required }) => ({
      name: type,
      label: fieldLabel(type),
      required,
      type: 'file' as const,
      kept: secretsKept,
    })),
  ];
}
