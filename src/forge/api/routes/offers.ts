import { targetFormats } from '../../../builder/index.ts';
import type { Dto, ImageFormat, TargetFormat } from '../../../uforge/dto.ts';
import { dto } from '../http/answer.ts';
import { listed } from '../http/query.ts';
import { targetFormatOf } from '../answers/image.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { notFound } from '../refusal.ts';
import type { Call, Routes } from './route.ts';

/** The forge has one organisation, which everybody is in; its id is ours. */
const org: Dto<'Org'> = {
  dbId: 1,
  defaultOrg: true,
  distributionsUri: 'distributions',
  targetPlatformsUri: 'orgs/1/targetplatforms',
  targetFormatsUri: 'orgs/1/targetformats',
  name: 'Local forge',
  uri: 'orgs/1',
};

/** Their ids are their places, from 1. */
const tools = [...new Set(targetFormats.flatMap((format) => format.tools))].toSorted();

/**
 * What the user and the organisation may build for: formats there are, target platforms (clouds) there are
 * none.
 */
export const offerRoutes: Routes = {
  userOrg_getAll: ({ query }) => {
    const name = query.get('name');
    const orgs = name === null || name === org.name ? [org] : [];
    return listed('orgs', orgs);
  },

  userTargetFormat_getAll: ({ query }) => listed('targetFormats', allFormats(), query),

  targetFormat_getAll: (call) => {
    checkOrg(call);
    return listed('targetFormats', allFormats(), call.query);
  },

  targetFormat_get: (call) => {
    checkOrg(call);
    return dto('targetFormat', formatOf(call));
  },

  /** A tool of a platform is one Debian package, in the version of the image's release. */
  platformTool_getSoftware: (call) => {
    checkOrg(call);
    const sbid = call.param('sbid');
    const name = tools[Number(sbid) - 1];
    if (name === undefined) throw notFound(sentence`Software bundle with id ${sbid} not found.`, sbid);
    return dto('packages', { pkgs: [{ name }] });
  },

  machineImage_getPlatformTools: (call) => {
    call.forge.appliance(call.owner, call.param('aid'));
    const { name } = formatOf(call);
    const format = targetFormats.find((each) => each.name === name);
    const bundles = (format?.tools ?? []).map((tool): Dto<'SoftwareBundle'> => {
      const dbId = tools.indexOf(tool) + 1;
      return { dbId, name: tool, uri: `${org.uri ?? ''}/platformtools/${dbId}` };
    });
    return listed('softwareBundles', bundles);
  },

  userFormats_getAll: ({ query }) => {
    const primitives = allFormats().flatMap(({ format }): ImageFormat[] => (format ? [format] : []));
    const distinct = [...new Map(primitives.map((format) => [format.name, format])).values()];
    return listed('imageFormats', distinct, query);
  },

  userTargetPlatforms_getAll: ({ query }) => listed('targetPlatforms', [], query),

  targetPlatform_getAll: (call) => {
    checkOrg(call);
    return listed('targetPlatforms', [], call.query);
  },

  targetPlatform_get: (call) => {
    checkOrg(call);
    throw noPlatform(call);
  },

  userTargetPlatformFormat_getAll: (call) => {
    throw noPlatform(call);
  },
};

function allFormats(): TargetFormat[] {
  return targetFormats.map(({ name }) => targetFormatOf(name));
}

function formatOf({ param }: Call): TargetFormat {
  const tfid = param('tfid');
  const found = allFormats().find(({ dbId }) => String(dbId) === tfid);
  if (found === undefined) throw notFound(sentence`Target format with id ${tfid} not found.`, tfid);
  return found;
}

function noPlatform({ param }: Call): Error {
  const tpid = param('tpid');
  return notFound(
    sentence`Target platform with id ${tpid} not found: the local forge has no target platforms.`,
    tpid,
  );
}

function checkOrg({ param }: Call): void {
  const oid = param('oid');
  if (oid !== String(org.dbId)) throw notFound(sentence`Organisation with id ${oid} not found.`, oid);
}
