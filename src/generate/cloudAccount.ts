import {
  accountCertificates,
  accountFields,
  kindOfType,
  valueOf,
  type PublishKind,
} from '../appliance/catalog/publishKinds.ts';
import type { UForgeClient } from '../uforge/client/client.ts';
import type { Dto, Long } from '../uforge/dto.ts';
import { parseLong } from '../uforge/uris.ts';

export type CloudAccount = Dto<'CredAccount'>;

/** A user's cloud accounts, by their names. A server may keep kinds the schema does not have: they are left out. */
export async function cloudAccountsOn(
  client: UForgeClient,
  signal?: AbortSignal,
): Promise<readonly CloudAccount[]> {
  const { credAccounts } = await client.cloudAccount_getAll({}, { signal });
  return credAccounts
    .filter(({ $type }) => kindOfAccount($type) !== undefined)
    .toSorted((a, b) => (a.name ?? '').localeCompare(b.name ?? ''));
}

export function kindOfAccount($type: string | undefined): PublishKind | undefined {
  return $type === undefined ? undefined : kindOfType($type);
}

/** What the operations of an account take. */
export function accountId({ dbId, uri }: CloudAccount): { readonly caid: Long } {
  const id = dbId ?? /(?:^|\/)accounts\/(\d+)$/.exec(uri ?? '')?.[1];
  if (id === undefined) throw new TypeError('The server does not say which account it is.');
  return { caid: typeof id === 'string' ? parseLong(id) : id };
}

/**
 * An account as it is sent. A secret that is not given is not sent: its server keeps the one it has.
 * @param values texts by the names of fields; files of certificates in base64, by their types
 * @param before the account as it is, when it is changed
 */
export function accountRequest(
  kind: PublishKind,
  name: string,
  values: Readonly<Record<string, string>>,
  before?: CloudAccount,
): CloudAccount {
  const said = accountFields(kind).flatMap((field) => {
    const text = values[field.name] ?? '';
    return text === '' ? [] : [[field.name, valueOf(field, text)]];
  });
  const kept = (before as Dto<'CredAccountCert'> | undefined)?.certificates ?? [];
  const certificates = accountCertificates(kind).flatMap(({ type }) => {
    const content = values[type] ?? '';
    if (content !== '')
      return [{ type, name: type, content: new Uint8Array(Buffer.from(content, 'base64')) }];
    return kept.filter((each) => each.type === type).map((each) => ({ type, name: each.name ?? type }));
  });
  return {
    ...(Object.fromEntries(said) as object),
    $type: kind.accountType,
    name,
    ...(certificates.length > 0 && { certificates }),
  };
}
