import { dto } from '../http/answer.ts';
import { flag, listed, search } from '../http/query.ts';
import { packagesOf } from '../../appliances/packages.ts';
import { pkgOf } from '../answers/package.ts';
import { distributions, profilesOf, type Distribution } from '../answers/distribution.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { notFound } from '../refusal.ts';
import type { Call, Routes } from './route.ts';

/** The distributions images are built of, their profiles and packages. */
export const distributionRoutes: Routes = {
  os_getAll: ({ query }) => listed('distributions', distributions(), query),
  userOS_getAll: ({ query }) => listed('distributions', distributions(), query),
  os_get: (call) => dto('distribution', find(call)),

  /**
   * `packages` has no total in the schema. hammr's help promises that a word finds what contains it. `provides`
   * may be asked for, too: who stands for a name that no package has.
   */
  osPkg_getAll: async (call) => {
    const all = await packagesOf(call.forge, find(call));
    const chosen = flag(call.query, 'latestOnly') ? call.forge.catalogue.latest(all) : all;
    const uri = find(call).uri ?? '';
    const { page } = search(call.forge.packageLists.of(chosen, uri), call.query, { wordsAnywhere: true });
    return dto('packages', { pkgs: page.map((pkg) => ({ ...pkg, provides: undefined })) });
  },

  osPkg_get: async (call) => {
    const pid = call.param('pid');
    const found = (await packagesOf(call.forge, find(call))).find(({ id }) => String(id) === pid);
    if (found === undefined) throw notFound(sentence`Package with id ${pid} not found.`, pid);
    return dto('package', pkgOf(found, find(call).uri ?? ''));
  },

  osTemplate_getAll: (call) => listed('distribProfiles', profilesOf(find(call)), call.query),

  osTemplate_get: (call) => {
    const prid = call.param('prid');
    const profile = profilesOf(find(call)).find(({ dbId }) => String(dbId) === prid);
    if (profile === undefined) throw notFound(sentence`OS profile with id ${prid} not found.`, prid);
    return dto('distribProfile', profile);
  },
};

function find({ param }: Call): Distribution {
  const id = param('id');
  const found = distributions().find(({ dbId }) => String(dbId) === id);
  if (found === undefined) throw notFound(sentence`Distribution with id ${id} not found.`, id);
  return found;
}
