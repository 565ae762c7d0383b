import type { Dto, TypeName } from '../../uforge/dto.ts';
import { isSecret } from '../../uforge/schema/secrets.ts';
import { concreteSubtypes, typeInfo } from '../../uforge/schema/table.ts';
import { platformOf } from './platformOf.ts';
import { targetFormatNamed, targetFormats } from './targetFormats.ts';

/** Something to say of a cloud account or a publication: a text, a yes or no, or a number. */
export interface KindField {
  readonly name: string;
  readonly required: boolean;
  readonly secret: boolean;
  readonly type: 'text' | 'flag' | 'number';
  /** What a template's builder calls it, the first that is there. hammr's names, and the schema's own. */
  readonly builderKeys: readonly string[];
}

/** A certificate an account has: what the schema calls it, and whether nothing goes without it. */
export interface KindCertificate {
  readonly type: string;
  readonly required: boolean;
}

/** A kind of target platform: what an account there needs, and what a publication. */
export interface PublishKind {
  readonly publishType: TypeName;
  readonly accountType: TypeName;
  /** The target platform, by its default name. */
  readonly platform: string;
}

type Needs = Readonly<Record<string, readonly string[]>>;

/**
 * What must be said, by kind: what hammr refuses to go on without, as far as the schema has a field for it (its
 * `bucket` for AWS has none). Source: hammr 3.8.13, publish_builders.py and account.py.
 */
const neededToPublish: Needs = {
  PublishImageAws: ['region'],
  PublishImageAzure: ['storageAccount', 'container', 'blob', 'displayName'],
  PublishImageCloudStack: ['displayName', 'zoneName'],
  PublishImageCloudwatt: ['displayName'],
  PublishImageDocker: ['namespace', 'repositoryName', 'tagName'],
  PublishImageGoogle: [
    ...['zoneName', 'bucketLocation', 'bucket', 'projectId', 'storageClass', 'diskNamePrefix'],
  ],
  PublishImageK5: ['displayName', 'keystoneDomain', 'keystoneProject'],
  PublishImageOpenShift: ['namespace', 'repositoryName', 'tagName'],
  PublishImageOpenStack: ['displayName'],
  PublishImageOracle: ['displayName', 'computeEndPoint'],
  PublishImageOutscale: ['region'],
  PublishImageSuseCloud: ['displayName'],
  PublishImageVCloudDirector: ['displayName', 'catalogName', 'vdcName'],
  PublishImageVSphere: ['displayName', 'esxHost', 'datastore'],
};

const neededForAccount: Needs = {
  CredAccountAws: ['accessKeyId', 'secretAccessKeyId'],
  CredAccountAzure: ['tenantId', 'subscriptionId', 'applicationId', 'applicationKey'],
  CredAccountCloudStack: ['endpointUrl', 'publicApiKey', 'secretApiKey'],
  CredAccountCloudwatt: ['keystoneUrl', 'login', 'password'],
  CredAccountDocker: ['endpointUrl'],
  CredAccountK5: ['login', 'password'],
  CredAccountOpenShift: ['registryUrl', 'token'],
  CredAccountOpenStack: ['keystoneUrl', 'login', 'password'],
  CredAccountOracle: ['login', 'password', 'domainName'],
  CredAccountOutscale: ['accessKeyId', 'secretAccessKeyId'],
  CredAccountSuseCloud: ['keystoneUrl', 'login', 'password'],
  CredAccountVCloudDirector: ['hostname', 'organizationName', 'login', 'password'],
  CredAccountVSphere: ['hostname', 'login', 'password'],
};

const certificates: Readonly<Record<string, readonly KindCertificate[]>> = {
  CredAccountAws: [
    { type: 'x509', required: false },
    { type: 'ec2PrivateKey', required: false },
  ],
  CredAccountGoogle: [{ type: 'googleCertificate', required: true }],
};

/** What a builder calls a field of a publication when it is not the schema's name. Source: the same file. */
const builderKeys: Needs = {
  displayName: ['imageName'],
  description: ['description'],
  featuredEnabled: ['featured'],
  keystoneDomain: ['domain'],
  keystoneProject: ['project'],
  tenantName: ['tenant'],
  vdcName: ['orgName'],
  zoneName: ['zone', 'computeZone'],
};

/** Every kind of platform the schema knows, by the platform's name. */
export const publishKinds: readonly PublishKind[] = concreteSubtypes('PublishImage')
  .map((publishType) => ({
    publishType,
    accountType: publishType.replace(/^PublishImage/, 'CredAccount') as TypeName,
    platform: platformOf(publishType),
  }))
  .toSorted((a, b) => a.platform.localeCompare(b.platform));

/**
 * Where images of a target format can go: the one platform it is for; where its name is not documented, what its
 * image format is for, or any.
 */
export function kindsFor(targetFormat: string, imageFormat?: string): readonly PublishKind[] {
  const named = targetFormatNamed(targetFormat);
  const facts = named ?? targetFormats.find((each) => each.imageFormat === imageFormat);
  if (facts === undefined) return publishKinds;
  return publishKinds.filter(({ publishType }) => publishType === facts.publishType);
}

export function kindOfType(type: string): PublishKind | undefined {
  return publishKinds.find(({ publishType, accountType }) => publishType === type || accountType === type);
}

/** What there is to say of a publication, what must be said first. */
export function publicationFields({ publishType }: PublishKind): readonly KindField[] {
  return fieldsOf(publishType, 'PublishImage', neededToPublish[publishType] ?? []);
}

/** What there is to say of an account besides its name. */
export function accountFields({ accountType }: PublishKind): readonly KindField[] {
  return fieldsOf(accountType, 'CredAccountCert', neededForAccount[accountType] ?? []);
}

export function accountCertificates({ accountType }: PublishKind): readonly KindCertificate[] {
  return certificates[accountType] ?? [];
}

/** A value of a field as the codec wants it. */
export function valueOf({ type }: KindField, text: string): string | boolean | number {
  if (type === 'flag') return ['true', 'yes', '1'].includes(text.toLowerCase());
  return type === 'number' ? Number(text) : text;
}

/** The values of a request or an account as texts, by the names of fields; of secrets there are none. */
export function textsOf(
  dto: Dto<'PublishImage'> | Dto<'CredAccount'>,
  fields: readonly KindField[],
): Readonly<Record<string, string>> {
  const values: Readonly<Record<string, unknown>> = { ...dto };
  return Object.fromEntries(
    fields.flatMap(({ name, secret }) => {
      const value = values[name];
      const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
      return secret || !isPlain ? [] : [[name, String(value)]];
    }),
  );
}

function fieldsOf(type: TypeName, base: TypeName, needed: readonly string[]): readonly KindField[] {
  const inherited = typeInfo(base).fields;
  const own = [...typeInfo(type).fields.values()].filter(({ name }) => !inherited.has(name));
  const fields = own.flatMap((field): readonly KindField[] => {
    if (field.kind !== 'scalar') return [];
    const { name, type: scalar } = field;
    return [
      {
        name,
        required: needed.includes(name),
        secret: isSecret(name),
        type: scalar === 'boolean' ? 'flag' : scalar === 'int' ? 'number' : 'text',
        builderKeys: [name, ...(builderKeys[name] ?? [])],
      },
    ];
  });
  return [...fields.filter(({ required }) => required), ...fields.filter(({ required }) => !required)];
}
