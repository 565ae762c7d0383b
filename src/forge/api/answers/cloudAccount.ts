import { typeInfo } from '../../../uforge/schema/table.ts';
import type { CloudAccountRecord } from '../../store/cloudAccountStore.ts';
import type { CredAccount } from '../../store/cloudSecrets.ts';
import { platformOfKind } from './offers.ts';
import type { Uris } from './uris.ts';

/** An account as its owner may see it. */
export function cloudAccountOf(record: CloudAccountRecord, uris: Uris): CredAccount {
  return {
    ...completed(record.account),
    created: record.created,
    dbId: record.id,
    lastModified: record.modified,
    name: record.name,
    parentUri: uris.user,
    secretsMissing: record.secretsMissing,
    uri: uris.cloudAccount(record.id),
  };
}

/** With what every account of its kind has: the target platform, and a list of certificates. */
export function completed(account: CredAccount): CredAccount {
  const hasCertificates = account.$type !== undefined && typeInfo(account.$type).fields.has('certificates');
  const targetPlatform = platformOfKind(account.$type) ?? account.targetPlatform;
  return {
    ...(hasCertificates && { certificates: [] }),
    ...account,
    ...(targetPlatform && { targetPlatform }),
  };
}
