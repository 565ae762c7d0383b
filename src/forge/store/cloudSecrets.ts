import type { Dto } from '../../uforge/dto.ts';
import { secretElements } from '../../uforge/schema/secrets.ts';

export type CredAccount = Dto<'CredAccount'>;

/** An account of any kind: the DTO of the abstract type knows only what all kinds have. */
type Fields = Readonly<Record<string, unknown>>;
type Certificates = readonly Dto<'Certificate'>[];

const secretNames: ReadonlySet<string> = new Set(secretElements);

/**
 * The account as it may be seen: without the secret elements of its kind and the contents of its
 * certificates.
 */
export function withoutSecrets(account: CredAccount): CredAccount {
  const fields: Fields = account;
  const kept = Object.entries(fields).filter(([name]) => !secretNames.has(name));
  const certificates = certificatesOf(fields)?.map((each) => ({ ...each, content: undefined }));
  return { ...Object.fromEntries(kept), ...(certificates && { certificates }) };
}

/** Only the secrets of an account, as an account of its kind; undefined when it has none. */
export function secretsOf(account: CredAccount): CredAccount | undefined {
  const fields: Fields = account;
  const secrets = Object.entries(fields).filter(
    ([name, value]) => secretNames.has(name) && value !== undefined && value !== '',
  );
  const certificates = certificatesOf(fields)?.filter(({ content }) => content !== undefined) ?? [];
  if (secrets.length + certificates.length === 0) return undefined;
  return {
    $type: account.$type,
    ...Object.fromEntries(secrets),
    ...(certificates.length > 0 && { certificates }),
  };
}

/** What must not be told of an account. */
export function secretValues(account: CredAccount): string[] {
  return Object.entries<unknown>(account).flatMap(([name, value]) =>
    secretNames.has(name) && typeof value === 'string' && value !== '' ? [value] : [],
  );
}

/** The account with the secrets it has itself, and those of `secrets` where it has none. */
export function withSecrets(account: CredAccount, secrets: CredAccount | undefined): CredAccount {
  if (secrets === undefined || secrets.$type !== account.$type) return account;
  const known: Fields = { ...secrets, certificates: undefined };
  const given = Object.entries<unknown>(account).filter(
    ([name, value]) => value !== undefined && !(secretNames.has(name) && value === ''),
  );
  const certificates = certificatesOf(account)?.map((each) => ({
    ...each,
    content: each.content ?? certificatesOf(secrets)?.find(({ name }) => name === each.name)?.content,
  }));
  return { ...known, ...Object.fromEntries(given), ...(certificates && { certificates }) };
}

function certificatesOf(account: object): Certificates | undefined {
  return (account as { readonly certificates?: Certificates }).certificates;
}
