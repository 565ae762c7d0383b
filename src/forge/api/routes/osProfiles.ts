import type { Template } from '../../../appliance/template/model/template.ts';
import { packagesOfProfile, readPackages, type Packages } from '../../appliances/parts/osPackages.ts';
import { osProfileOf, readOsProfile, withoutOsProfile } from '../../appliances/parts/osProfile.ts';
import { withStack } from '../../appliances/parts/stack.ts';
import type { CataloguePackage } from '../../../builder/index.ts';
import { dto, empty } from '../http/answer.ts';
import { packagesOf } from '../../appliances/packages.ts';
import { distributionOfOs } from '../answers/distribution.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { notFound, Refusal } from '../refusal.ts';
import { applianceAt, inPlace, placeOf, type Place } from './parts.ts';
import type { Call, Routes } from './route.ts';

/** The OS profile of an appliance: one, whose id is the appliance's. Without it nothing can be generated. */
export const osProfileRoutes: Routes = {
  applianceOSProfile_create: async (call) => {
    const { id } = applianceAt(call);
    const body = await call.body('distribProfile');
    const defined = await call.forge.definitions.edit(id, (template, problems) => {
      const { os, name } = template.stack;
      if (os.profile !== undefined) {
        throw new Refusal(
          'ERROR.APPLIANCE.PART_EXISTS',
          sentence`The appliance “${name}” has the OS profile ${os.profile} already. Delete it first.`,
          { parameters: [name, os.profile] },
        );
      }
      return withStack(template, { os: readOsProfile(body, os, problems) });
    });
    return present(placeOf(call, defined));
  },

  applianceOSProfile_get: (call) => inPlace(call, present),

  /** The packages that were added to it go with it. */
  applianceOSProfile_delete: async (call) => {
    const { id } = applianceAt(call);
    await call.forge.definitions.edit(id, (template) => {
      checkProfile(template, call);
      return withStack(template, { os: withoutOsProfile(template.stack.os) });
    });
    return empty;
  },

  applianceOSProfilePkg_getAll: (call) => inPlace(call, presentPackages),

  applianceOSProfilePkg_updateAll: async (call) => {
    const { id } = applianceAt(call);
    const body = await call.body('packages');
    const before = await inPlace(call, ({ template }) => template);
    checkProfile(before, call);
    const catalogue = needsCatalogue(body) ? await catalogueFor(call, before) : [];
    const uri = call.uris.osProfile(id);
    const defined = await call.forge.definitions.edit(id, (template, problems) => {
      checkProfile(template, call);
      return withStack(template, { os: readPackages(body, template.stack.os, uri, catalogue, problems) });
    });
    return await presentPackages(placeOf(call, defined));
  },
};

function present({ record, template, call }: Place) {
  checkProfile(template, call);
  const { id, created, modified: lastModified } = record;
  const { appliance, osProfile } = { appliance: call.uris.appliance(id), osProfile: call.uris.osProfile(id) };
  const profile = osProfileOf(template.stack.os, osProfile, appliance, id);
  if (profile === undefined) throw noProfile(call);
  return dto('distribProfile', { ...profile, created, lastModified });
}

/** `packages` has no total in the schema. Without the mirror, packages are shown by their names alone. */
async function presentPackages({ record, template, call }: Place) {
  checkProfile(template, call);
  const newest = call.forge.catalogue.latest(await catalogueFor(call, template).catch(() => []));
  const pkgs = packagesOfProfile(template.stack.os, call.uris.osProfile(record.id), newest);
  return dto('packages', { pkgs });
}

/** @throws {Refusal} 404 when the appliance has no OS profile, or has another one than the path says */
function checkProfile({ stack }: Template, call: Call): void {
  const osid = call.param('osid');
  const isThere = stack.os.profile !== undefined && (osid === '' || osid === call.param('aid'));
  if (!isThere) throw noProfile(call);
}

function noProfile({ param }: Call): Refusal {
  return notFound(sentence`OS profile with id ${param('osid')} not found.`, param('osid'));
}

/** Packages named by the forge's own URIs need none. */
function needsCatalogue({ addedPkgUris = [], deletedPkgUris = [] }: Packages): boolean {
  return [...addedPkgUris, ...deletedPkgUris].some((uri) => /distributions?\//.test(uri));
}

async function catalogueFor({ forge }: Call, { stack }: Template): Promise<readonly CataloguePackage[]> {
  const distribution = distributionOfOs(stack.os);
  return distribution === undefined ? [] : await packagesOf(forge, distribution);
}
