import { readTemplate } from '../appliance/archive/packTemplate.ts';
import { definitionKindByExtension } from '../appliance/find/definitions.ts';
import {
  publicationFields,
  valueOf,
  type KindField,
  type PublishKind,
} from '../appliance/catalog/publishKinds.ts';
import { targetFormatNamed } from '../appliance/catalog/targetFormats.ts';
import type { Builder } from '../appliance/template/model/template.ts';
import type { Ticket } from '../tickets/ticket.ts';
import { present } from '../tickets/tracked.ts';
import type { Dto, Image, PublishImage } from '../uforge/dto.ts';

/** What is to be said of a publication, as texts by the names of fields. */
export type PublishValues = Readonly<Record<string, string>>;

/** Only who an account is: a server looks it up among its user's, and no secret is sent again. */
export type NamedAccount = Pick<Dto<'CredAccount'>, '$type' | 'name' | 'uri' | 'dbId'>;

/** The request for a publication. Fields without a value are left to the server. */
export function publishRequest(
  kind: PublishKind,
  account: NamedAccount | undefined,
  values: PublishValues,
): PublishImage {
  const said = publicationFields(kind).flatMap((field) => {
    const text = values[field.name] ?? '';
    return text === '' ? [] : [[field.name, valueOf(field, text)]];
  });
  const { name, uri, dbId } = account ?? {};
  return {
    ...(Object.fromEntries(said) as object),
    $type: kind.publishType,
    ...(account !== undefined && {
      credAccount: { $type: kind.accountType, ...present({ name, uri, dbId }) },
    }),
  };
}

/** The fields that must be said and are not. */
export function missingValues(kind: PublishKind, values: PublishValues): readonly KindField[] {
  return publicationFields(kind).filter(({ name, required }) => required && (values[name] ?? '') === '');
}

/** The builder of a template for a target format; none in a request, or where the file has gone. */
export function builderIn(file: string, text: string, targetFormat: string): Builder | undefined {
  if (definitionKindByExtension(file) !== 'template') return undefined;
  try {
    const { template } = readTemplate(file, text).parsed;
    return template.builders?.find(({ type }) => type === targetFormat);
  } catch {
    // Someone is editing it: what it says is a help, and no condition.
    return undefined;
  }
}

/** What a builder says of a publication, in hammr's names or the schema's. */
export function valuesOfBuilder(kind: PublishKind, builder: Builder): PublishValues {
  const keys: Readonly<Record<string, unknown>> = { ...builder };
  return Object.fromEntries(
    publicationFields(kind).flatMap(({ name, builderKeys }) => {
      const value = builderKeys.map((key) => keys[key]).find((each) => isText(each));
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}

/** What an image is called at the platform unless somebody says otherwise. */
export function usualValues(
  kind: PublishKind,
  { applianceName, applianceVersion }: Pick<Ticket, 'applianceName' | 'applianceVersion'>,
): PublishValues {
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[._-]+|[._-]+$/g, '');
  const full = plain(`${applianceName}-${applianceVersion}`);
  const usual: PublishValues = {
    displayName: `${applianceName} ${applianceVersion}`.trim(),
    repositoryName: plain(applianceName),
    tagName: plain(applianceVersion),
    blob: `${full}.vhd`,
    diskNamePrefix: full.replaceAll(/[._]/g, '-'),
  };
  return Object.fromEntries(publicationFields(kind).map(({ name }) => [name, usual[name] ?? '']));
}

/**
 * Whether an image was built for downloading although its format is for publishing: platforms take no archive of
 * it. Source: hammr's choice of `compress`, and changelog.rst:585,596.
 */
export function isBuiltForDownload(targetFormat: string, { compress }: Pick<Image, 'compress'>): boolean {
  return compress === true && targetFormatNamed(targetFormat)?.compress === false;
}

function isText(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) && value !== '';
}
