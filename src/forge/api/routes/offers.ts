import { targetFormats } from '../../../builder/index.ts';
import type { Dto, ImageFormat, TargetFormat } from '../../../uforge/dto.ts';
import { dto } from '../http/answer.ts';
import { listed } from '../http/query.ts';
import {
  allTargetFormats,
  formatsOfPlatform,
  imageFormatCategories,
  orgUri,
  targetPlatforms,
  type TargetPlatform,
} from '../answers/offers.ts';
import { distributions } from '../answers/distribution.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { notFound } from '../refusal.ts';
import type { Call, Routes } from './route.ts';

const org: Dto<'Org'> = {
  created: new Date(0),
  dbId: 1,
  activateNewUsers: false,
  categoriesUri: `${orgUri}/categories`,
  defaultOrg: true,
  distributionsUri: 'distributions',
  targetPlatformsUri: `${orgUri}/targetplatforms`,
  targetFormatsUri: `${orgUri}/targetformats`,
  name: 'Local forge',
  uri: orgUri,
};

/** Their ids are their places, from 1. */
const tools = [...new Set(targetFormats.flatMap((format) => format.tools))].toSorted();

/** What the user and the organisation may build for, and publish to. */
export const offerRoutes: Routes = {
  userOrg_getAll: ({ query }) => {
    const name = query.get('name');
    const orgs = name === null || name === org.name ? [org] : [];
    return listed('orgs', orgs);
  },

  org_getAll: ({ query }) => listed('orgs', [org], query),

  org_get: (call) => {
    checkOrg(call);
    return dto('org', org);
  },

  /** Those of formats; software has whatever category its maker wrote. */
  category_getAll: (call) => {
    checkOrg(call);
    return listed('categories', imageFormatCategories(), call.query);
  },

  orgOS_getAll: (call) => {
    checkOrg(call);
    return listed('distributions', distributions(), call.query);
  },

  primitiveFormat_getAll: (call) => {
    checkOrg(call);
    return listed('imageFormats', primitiveFormats(), call.query);
  },

  userTargetFormat_getAll: ({ query }) => listed('targetFormats', allTargetFormats(), query),

  targetFormat_getAll: (call) => {
    checkOrg(call);
    return listed('targetFormats', allTargetFormats(), call.query);
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

  userFormats_getAll: ({ query }) => listed('imageFormats', primitiveFormats(), query),

  targetFormat_getAllTargetPlatforms: (call) => {
    checkOrg(call);
    const uris = formatOf(call).targetPlatformsUriList ?? [];
    return listed(
      'targetPlatforms',
      targetPlatforms().filter(({ uri = '' }) => uris.includes(uri)),
      call.query,
    );
  },

  userTargetPlatforms_getAll: ({ query }) => listed('targetPlatforms', targetPlatforms(), query),
  userTargetPlatformFormat_getAll: (call) =>
    listed('targetFormats', formatsOfPlatform(platformOf(call)), call.query),

  targetPlatform_getAll: (call) => {
    checkOrg(call);
    return listed('targetPlatforms', targetPlatforms(), call.query);
  },

  targetPlatform_get: (call) => {
    checkOrg(call);
    return dto('targetPlatform', platformOf(call));
  },

  targetPlatform_getAllFormats: (call) => {
    checkOrg(call);
    return listed('targetFormats', formatsOfPlatform(platformOf(call)), call.query);
  },
};

function primitiveFormats(): ImageFormat[] {
  const primitives = allTargetFormats().flatMap(({ format }): ImageFormat[] => (format ? [format] : []));
  return [...new Map(primitives.map((format) => [format.name, format])).values()];
}

function formatOf({ param }: Call): TargetFormat {
  const tfid = param('tfid');
  const found = allTargetFormats().find(({ dbId }) => String(dbId) === tfid);
  if (found === undefined) throw notFound(sentence`Target format with id ${tfid} not found.`, tfid);
  return found;
}

function platformOf({ param }: Call): TargetPlatform {
  const tpid = param('tpid');
  const found = targetPlatforms().find(({ dbId }) => String(dbId) === tpid);
  if (found === undefined) throw notFound(sentence`Target platform with id ${tpid} not found.`, tpid);
  return found;
}

/** `default` is how uforgecli asks for the default one. */
function checkOrg({ param }: Call): void {
  const oid = param('oid');
  if (oid !== String(org.dbId) && oid !== 'default')
    throw notFound(sentence`Organisation with id ${oid} not found.`, oid);
}
