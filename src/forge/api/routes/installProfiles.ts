import { installProfileOf, readInstallProfile } from '../../appliances/parts/installProfile.ts';
import { withStack } from '../../appliances/parts/stack.ts';
import { dto } from '../http/answer.ts';
import { applianceAt, inPlace, placeOf, type Place } from './parts.ts';
import type { Route, Routes } from './route.ts';

const getProfile: Route = (call) => inPlace(call, present);

/** What the body does not mention stays as it is. */
const updateProfile: Route = async (call) => {
  const { id } = applianceAt(call);
  const body = await call.body('installProfile');
  const defined = await call.forge.definitions.edit(id, (template, problems) =>
    withStack(template, {
      installation: readInstallProfile(body, template.stack.installation, problems),
    }),
  );
  return present(placeOf(call, defined));
};

/** An appliance has one install profile, so the deprecated paths without its id lead to the same. */
export const installProfileRoutes: Routes = {
  installProfile_get: getProfile,
  installProfile_update: updateProfile,
  installProfile_getDeprecated: getProfile,
  installProfile_updateDeprecated: updateProfile,
};

function present({ record, template, call, uris }: Place) {
  const profile = installProfileOf(template.stack.installation ?? {}, uris, call.uris.appliance(record.id));
  return dto('installProfile', { ...profile, created: record.created, lastModified: record.modified });
}
