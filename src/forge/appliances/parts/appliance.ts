import type { Bundle, Os, Template } from '../../../appliance/template/model/template.ts';
import type { Appliance } from '../../../uforge/dto.ts';
import type { FileEdit } from '../definitions.ts';
import { distributionAt, distributionOfOs, distributions } from '../../api/answers/distribution.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { placeOfScript, readBootScript } from './bootScripts.ts';
import { readInstallProfile } from './installProfile.ts';
import { changedList, changedText, named, refuseOthers, unlessEmpty, type Problems } from './dtoFields.ts';
import { readOsProfile } from './osProfile.ts';
import { takeBundle, type KnownBundle, type KnownBundles } from './reusedBundles.ts';
import { idOfBundle } from './software.ts';
import { withStack } from './stack.ts';

/** What is read of an `appliance`, and what the server counts and is passed over. */
const known = [
  ...['name', 'version', 'description', 'osProfile', 'installProfile', 'bootScripts', 'mySoftwareList'],
  ...['uuid', 'archName', 'distributionName', 'imported', 'installedSize', 'lastPkgUpdate', 'revision'],
  ...['nbSecurityUpdates', 'nbUpdates', 'publishImages', 'applianceExports'],
];

/**
 * The template of a new appliance: a name, a version, and what else comes with them. Without a distribution it
 * has the first of the forge, which can be changed as long as there is no OS profile.
 */
export function newTemplate(dto: Appliance, problems: Problems): Template {
  const { distributionUri: uri = '' } = dto;
  const distribution = uri === '' ? distributions()[0] : distributionAt(uri);
  if (distribution === undefined) {
    problems.push(
      sentence`appliance/distributionUri “${uri}” is no distribution of the forge (os_getAll lists them)`,
    );
  }
  for (const field of ['name', 'version'] as const) {
    if ((dto[field] ?? '').trim() === '') problems.push(sentence`appliance/${field} is missing`);
  }
  const { name = 'Debian', version = '', arch = '' } = distribution ?? {};
  const os: Os = { name, version, arch };
  const template = { stack: { name: dto.name ?? '', version: dto.version ?? '', os } };
  // What is wrong with a part may only be so because the whole is.
  return problems.length > 0 ? template : changedTemplate(dto, template, problems);
}

/**
 * What an `appliance` changes of its template. What it does not mention stays; bundles are changed by
 * `changedBundles`.
 */
export function changedTemplate(dto: Appliance, template: Template, problems: Problems): Template {
  refuseOthers(dto, 'appliance', known, problems);
  const { stack } = template;
  const org = dto.orgUri ?? '';
  if (org !== '' && !/(^|\/)orgs\/(1|default)$/.test(org))
    problems.push(sentence`appliance/orgUri: “${org}” is no organisation of the forge`);
  for (const field of ['name', 'version'] as const) {
    if (dto[field]?.trim() === '') problems.push(sentence`appliance/${field} is empty`);
  }
  let os = changedOs(dto, stack.os, problems);
  if (dto.osProfile !== undefined) {
    if (os.profile === undefined) os = readOsProfile(dto.osProfile, os, problems);
    else if (dto.osProfile.name !== undefined && dto.osProfile.name !== os.profile) {
      problems.push(
        sentence`appliance/osProfile: the appliance has the OS profile ${os.profile}; delete that first`,
      );
    }
  }
  return withStack(template, {
    name: dto.name ?? stack.name,
    version: dto.version ?? stack.version,
    description: changedText(dto.description, stack.description),
    os,
    installation:
      dto.installProfile === undefined
        ? stack.installation
        : readInstallProfile(dto.installProfile, stack.installation, problems),
    config: changedScripts(dto, template, problems),
  });
}

/** An appliance with an OS profile keeps its distribution: the packages in it are that one's. */
function changedOs({ distributionUri: uri }: Appliance, os: Os, problems: Problems): Os {
  if (uri === undefined || uri === '') return os;
  const wanted = distributionAt(uri);
  const current = distributionOfOs(os)?.uri;
  if (current !== undefined && wanted?.uri === current) return os;
  if (wanted === undefined)
    problems.push(sentence`appliance/distributionUri: “${uri}” is no distribution of the forge`);
  else if (os.profile !== undefined) {
    problems.push(
      sentence`appliance/distributionUri: delete the OS profile before you change the distribution`,
    );
  }
  const { name = os.name, version = os.version, arch = os.arch } = wanted ?? {};
  return { ...os, name, version, arch };
}

function changedScripts({ bootScripts }: Appliance, template: Template, problems: Problems) {
  const { config = [] } = template.stack;
  return changedList(bootScripts, template.stack.config, (dto, place) => {
    const script = named(config, dto);
    const path = `appliance/bootScripts[${place}]`;
    const kept = script && { script, index: config.indexOf(script) };
    return readBootScript(dto, kept, (name) => placeOfScript(template, name), path, problems);
  });
}

/**
 * The bundles an appliance shall have, by `mySoftwareList` or `mySoftwareUris`: those it has, and others of
 * the user's appliances, which come with their files. Undefined when they are to stay as they are.
 */
export function changedBundles(
  { mySoftwareList, mySoftwareUris }: Appliance,
  template: Template,
  others: KnownBundles,
  problems: Problems,
): FileEdit | undefined {
  const ids =
    mySoftwareList?.map((each) => {
      const { uri = '', name = '', version = '' } = each;
      return idAt(uri) ?? idOfBundle({ name, version });
    }) ?? mySoftwareUris?.map(idAt);
  if (ids === undefined) return undefined;
  const before = new Map((template.stack.bundles ?? []).map((bundle) => [idOfBundle(bundle), bundle]));
  if (ids.length === before.size && ids.every((id) => id !== undefined && before.has(id))) return undefined;
  const wanted = ids.map((id, index): Bundle | KnownBundle | undefined => {
    const found = id === undefined ? undefined : (before.get(id) ?? others.get(id));
    if (found === undefined) {
      const { uri = '', name = '' } = mySoftwareList?.[index] ?? { uri: mySoftwareUris?.[index] ?? '' };
      problems.push(
        sentence`appliance/mySoftwareList: no appliance of yours has the software “${name || uri}”`,
      );
    }
    return found;
  });
  return async (folder, after) => {
    const bundles: Bundle[] = [];
    for (const each of wanted) {
      if (each !== undefined) bundles.push('bundle' in each ? await takeBundle(each, folder) : each);
    }
    return withStack(after, { bundles: unlessEmpty(bundles) });
  };
}

function idAt(uri: string): number | undefined {
  const id = /\/mysoftware\/(\d+)$/.exec(uri)?.[1];
  return id === undefined ? undefined : Number(id);
}
