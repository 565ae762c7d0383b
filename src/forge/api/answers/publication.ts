import { decodeAs } from '../../../uforge/codec/codec.ts';
import { isTypeName } from '../../../uforge/schema/table.ts';
import type { Dto, OpStatus, PublishImage } from '../../../uforge/dto.ts';
import type { ApplianceRecord } from '../../store/applianceStore.ts';
import type { CloudAccountRecord } from '../../store/cloudAccountStore.ts';
import type { DeploymentRecord } from '../../store/deploymentStore.ts';
import type { PublicationRecord } from '../../store/publicationStore.ts';
import { platformOf } from '../../publishing/platforms.ts';
import type { DownloadKeys } from '../../images/downloadKeys.ts';
import { cloudAccountOf, completed } from './cloudAccount.ts';
import { targetFormatOf } from './offers.ts';
import { statusOfPublication } from './status.ts';
import type { Uris } from './uris.ts';

/** A publication as the `publishImage` it was asked for with, and what has become of it. */
export function publishImageOf(
  record: PublicationRecord,
  appliance: ApplianceRecord,
  account: CloudAccountRecord | undefined,
  uris: Uris,
  keys: DownloadKeys,
): PublishImage {
  const uri = uris.publication(record);
  const downloadUri = `${uris.appliance(record.applianceId)}/pimages/${record.id}/downloads`;
  const asked = decodeAs('publishImage', record.request, 'application/json');
  const downloadKey = record.state === 'done' ? keys.keyOf(record.id) : undefined;
  return {
    ...asked,
    created: record.created,
    dbId: record.id,
    lastModified: record.modified,
    status: statusOfPublication(record, uris),
    parentUri: uris.appliance(record.applianceId),
    credAccount: account ? cloudAccountOf(account, uris) : withoutAccount(asked),
    ...(downloadKey !== undefined && { downloadKey, downloadUri: `${downloadUri}?id=${downloadKey}` }),
    targetFormat: targetFormatOf(record.targetFormat),
    name: appliance.name,
    revision: record.revision,
    statusUri: `${uri}/status`,
    uri,
    version: appliance.version,
    ...(record.cloudId !== undefined && { cloudId: record.cloudId }),
    // The name that a container is pulled by.
    ...(record.cloudId !== undefined && isInRegistry(asked) && { registeringName: record.cloudId }),
    imageUri: uris.image(record.applianceId, record.imageId),
    ...(record.location !== undefined && { publishLocation: record.location }),
  };
}

function isInRegistry({ $type }: PublishImage): boolean {
  return $type === 'PublishImageDocker' || $type === 'PublishImageOpenShift';
}

export function deploymentOf(record: DeploymentRecord, uris: Uris): Dto<'Deployment'> {
  return {
    uri: uris.deployment(record.id),
    applicationId: String(record.id),
    name: record.name,
    creationDate: record.created,
    state: record.state,
    sourceSummary: { $type: 'ApplianceSummary', name: record.name, uri: record.sourceUri },
    instances: record.instance === undefined ? [] : [instanceOf(record, record.instance)],
  };
}

/** The machine: `hostname` is where it can be reached. */
function instanceOf(
  { name, created, state, address, request }: DeploymentRecord,
  id: string,
): Dto<'Instance'> {
  const { $type, region } = decodeAs(
    'publishImage',
    request ?? '{"publishImage":{}}',
    'application/json',
  ) as Dto<'PublishImageAws'>;
  const provider = $type === undefined ? undefined : platformOf($type);
  return {
    ...($type === 'PublishImageAws' && { $type: 'InstanceAmazon' }),
    ...{ instanceId: id, name, creationDate: created, state },
    ...(address !== undefined && { hostname: address }),
    ...(provider !== undefined && { cloudProvider: provider, location: { name: region, provider } }),
  };
}

/** Its `message` is the state: what hammr waits for. */
export function statusOfDeployment(record: DeploymentRecord, uris: Uris): OpStatus {
  const { state, message, detail } = record;
  const hasFailed = state === 'on-fire';
  return {
    created: record.created,
    dbId: record.id,
    cancelled: false,
    complete: state === 'running',
    error: hasFailed,
    ...(hasFailed && { errorMessage: message, detailedError: detail !== undefined }),
    ...(detail !== undefined && { detailedErrorMsg: detail }),
    message: state,
    parentUri: uris.deployment(record.id),
    percentage: state === 'starting' ? 50 : 100,
    uri: `${uris.deployment(record.id)}/status`,
  };
}

/** What is known of the account where it was written inline, has been deleted or never was. */
function withoutAccount({ $type, credAccount }: PublishImage): Dto<'CredAccount'> {
  const kind = `CredAccount${($type ?? '').replace(/^PublishImage/, '')}`;
  return completed(credAccount ?? { $type: isTypeName(kind) ? kind : 'CredAccountOpenStack' });
}
