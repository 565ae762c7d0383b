import type { Dto } from '../../uforge/dto.ts';
import { debianMirror, debianReleases, profilePackages } from '../build/debian.ts';
import { BuildError } from '../build/model.ts';
import { latestOf, type CataloguePackage } from '../build/packages/catalogue.ts';
import { splitVersion } from '../build/packages/installed.ts';
import { dto, type DtoAnswer } from '../http/answer.ts';
import { flag, search } from '../http/query.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { Call, Routes } from './route.ts';

type Distribution = Dto<'Distribution'>;

/** The distributions images are built of, and their profile. Their ids are the Debian versions: ours. */
export const distributionRoutes: Routes = {
  os_getAll: ({ query }) => list(query),
  userOS_getAll: ({ query }) => list(query),
  os_get: (call) => dto('distribution', find(call)),

  /** `packages` has no total in the schema. */
  osPkg_getAll: async (call) => {
    const all = await packagesOf(call);
    const chosen = flag(call.query, 'latestOnly') ? latestOf(all) : all;
    const uri = find(call).uri ?? '';
    const { page } = search(
      chosen.map((each) => pkgOf(each, uri)),
      call.query,
    );
    return dto('packages', { pkgs: page });
  },

  osPkg_get: async (call) => {
    const pid = call.param('pid');
    const found = (await packagesOf(call)).find(({ id }) => String(id) === pid);
    if (found === undefined) throw notFound(`Package with id ${pid} not found.`, pid);
    return dto('package', pkgOf(found, find(call).uri ?? ''));
  },

  osTemplate_getAll: (call) => {
    const { total, page } = search([minimalOf(find(call))], call.query);
    return dto('distribProfiles', { total, distribProfiles: page });
  },

  osTemplate_get: (call) => {
    const profile = minimalOf(find(call));
    const prid = call.param('prid');
    if (prid !== String(profile.dbId)) throw notFound(`OS profile with id ${prid} not found.`, prid);
    return dto('distribProfile', profile);
  },
};

function distributions(): Distribution[] {
  return debianReleases.map(({ version, codename }) => {
    const uri = `distributions/${version}`;
    return {
      dbId: Number(version),
      active: true,
      arch: 'x86_64',
      basePkgsUri: `${uri}/pkgs`,
      baseProfilesUri: `${uri}/profiles`,
      description: `Debian ${version} (${codename}), main`,
      family: 'linux',
      name: 'Debian',
      pkgType: 'DEB',
      profileUris: [`${uri}/profiles/1`],
      uri,
      version,
      visible: true,
    };
  });
}

function list(query: URLSearchParams): DtoAnswer {
  const { total, page } = search(distributions(), query);
  return dto('distributions', { total, distributions: page });
}

function find({ param }: Call): Distribution {
  const id = param('id');
  const found = distributions().find(({ dbId }) => String(dbId) === id);
  if (found === undefined) throw notFound(`Distribution with id ${id} not found.`, id);
  return found;
}

/** The one profile there is: whatever else a template names is built as Minimal. */
function minimalOf({ uri = '', version }: Distribution) {
  return {
    $type: 'LinuxProfile' as const,
    dbId: 1,
    abbreviation: 'min',
    active: true,
    arch: 'x86_64',
    description: `Essential packages, a kernel and: ${profilePackages.join(', ')}`,
    distributionUri: uri,
    name: 'Minimal',
    uri: `${uri}/profiles/1`,
    ...(version !== undefined && { version }),
  };
}

async function packagesOf(call: Call): Promise<readonly CataloguePackage[]> {
  const { dbId } = find(call);
  const release = debianReleases.find(({ version }) => version === String(dbId));
  const mirror = process.env['FORGE_MIRROR'] ?? debianMirror;
  try {
    return release === undefined ? [] : await call.forge.catalogue.packages(release, mirror);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    throw new Refusal('ERROR.SERVER.NO_PACKAGE_INDEX', error.message, {
      parameters: [String(dbId)],
      cause: error,
    });
  }
}

function pkgOf({ id, name, version, arch, size }: CataloguePackage, distribution: string): Dto<'Pkg'> {
  return {
    dbId: id,
    size,
    arch,
    name,
    parentUri: distribution,
    type: 'DEB',
    uri: `${distribution}/pkgs/${id}`,
    ...splitVersion(version),
  };
}
