import { templateLanguageOf } from '../appliance/find/definitions.ts';
import { problemsInText, type SourceOptions } from '../appliance/language/problemsInText.ts';
import {
  distributionOf,
  type KnownDistribution,
  type Providers,
  type ServerKnowledge,
} from '../appliance/catalog/serverKnowledge.ts';
import { parseTemplate } from '../appliance/template/parseTemplate.ts';
import type { Os } from '../appliance/template/model/template.ts';
import { closest } from '../appliance/text/suggest.ts';
import type { Problem } from '../appliance/text/problem.ts';
import type { UForgeClient } from '../uforge/client/client.ts';
import { fiqlEquals } from '../uforge/fiql.ts';

/** Packages asked about at a time. */
const atOnce = 4;
/** Versions of one package: of the release, its updates, other components, backports. */
const mostOfOne = 20;
/** A misspelt name is compared with no more than this. */
const mostCompared = 500;

interface Asked {
  readonly client: UForgeClient;
  /** What a person calls the server. */
  readonly label: string;
  readonly signal?: AbortSignal | undefined;
}

/** What a server has to check any definition with. */
export async function askServer({ client, label, signal }: Asked): Promise<ServerKnowledge> {
  const options = { signal };
  const [formats, distributions, accounts, quotas] = await Promise.all([
    all(client.each.userTargetFormat_getAll({}, options)),
    all(client.each.userOS_getAll({}, options)),
    // Whoever may generate need not be allowed to see these.
    all(client.each.cloudAccount_getAll({}, options)).catch(() => undefined),
    client.userQuotas_get({}, options).catch(() => undefined),
  ]);
  signal?.throwIfAborted();
  const quota = quotas?.quotas.find(({ type }) => type === 'generation');
  const limit = Number(quota?.limit ?? -1);
  return {
    server: label,
    formats: formats.flatMap(({ name }) => name ?? []),
    distributions: distributions.map(({ dbId, name = '', version = '', arch = '' }) => {
      return { id: String(dbId ?? ''), name, version, arch };
    }),
    ...(accounts !== undefined && {
      accounts: accounts.flatMap(({ name, targetPlatform }) => {
        if (name === undefined) return [];
        return [{ name, ...(targetPlatform?.name !== undefined && { platform: targetPlatform.name }) }];
      }),
    }),
    ...(limit >= 0 && { generations: { limit, used: Number(quota?.nb ?? 0) } }),
    templateKeys: client.templateKeys,
  };
}

/** Names of the OS profiles of a distribution. */
export async function askForProfiles(
  client: UForgeClient,
  { id }: KnownDistribution,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const profiles = await all(client.each.osTemplate_getAll({ id }, { signal }));
  return profiles.flatMap(({ name }) => name ?? []);
}

/**
 * Which repositories of a distribution have packages, by name; or who provides a name that none has, or what
 * it most likely means.
 */
export interface FoundPackages {
  readonly repositories: ReadonlyMap<string, readonly string[]>;
  readonly near: ReadonlyMap<string, string>;
  readonly providers: ReadonlyMap<string, Providers>;
}

export async function askForPackages(
  client: UForgeClient,
  distribution: KnownDistribution,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<FoundPackages> {
  const repositories = new Map<string, readonly string[]>();
  const near = new Map<string, string>();
  const providers = new Map<string, Providers>();
  const ask = async (name: string): Promise<void> => {
    const query = fiqlEquals('name', name);
    const params = { id: distribution.id, query, count: mostOfOne };
    const { pkgs = [] } = await client.osPkg_getAll(params, { signal });
    repositories.set(name, [...new Set(pkgs.map(({ repositoryName = '' }) => repositoryName))]);
    if (pkgs.length > 0) return;
    const provided = await providersOf(client, distribution, name, signal);
    if (provided.size > 0) {
      providers.set(name, provided);
      return;
    }
    const meant = await nearPackage(client, distribution, name, signal);
    if (meant !== undefined) near.set(name, meant);
  };
  for (let at = 0; at < names.length; at += atOnce) {
    await Promise.all(names.slice(at, at + atOnce).map(ask));
  }
  return { repositories, near, providers };
}

/** All that is wrong in a definition, by itself and for a server, which is asked for everything that it names. */
export async function problemsOnServer(
  path: string,
  text: string,
  sources: SourceOptions,
  asked: Asked,
): Promise<readonly Problem[] | undefined> {
  const known = await askServer(asked);
  const os = parseTemplate(text, templateLanguageOf(path) ?? 'yaml').asRead?.stack.os;
  const server = os === undefined ? known : await knowing(known, os, asked);
  return problemsInText(path, text, { ...sources, server });
}

async function knowing(known: ServerKnowledge, os: Os, { client, signal }: Asked): Promise<ServerKnowledge> {
  const distribution = distributionOf(known.distributions ?? [], os);
  if (distribution === undefined) return known;
  const names = (os.pkgs ?? []).flatMap(({ name }) => name ?? []);
  const profiles = await askForProfiles(client, distribution, signal);
  const { repositories, near, providers } = await askForPackages(client, distribution, names, signal);
  return {
    ...known,
    profilesOf: () => profiles,
    repositoriesWith: (_, name) => repositories.get(name),
    nearPackage: (_, name) => near.get(name),
    providersOf: (_, name) => providers.get(name),
  };
}

/** Of UForge nobody has published that it can be asked for this: only who knows keys of ours is. */
async function providersOf(
  client: UForgeClient,
  { id }: KnownDistribution,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Providers> {
  if (client.templateKeys.length === 0) return new Map();
  const params = { id, query: fiqlEquals('provides', name), latestOnly: true };
  const { pkgs = [] } = await client.osPkg_getAll(params, { signal });
  return new Map(pkgs.map((pkg) => [pkg.name ?? '', [pkg.repositoryName ?? '']]));
}

/** One slip leaves one half of a name as it is: what starts or ends as it does is all there is to compare with. */
async function nearPackage(
  client: UForgeClient,
  { id }: KnownDistribution,
  name: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const word = name.replaceAll(/[^\w.+-]/g, '');
  const middle = Math.ceil(word.length / 2);
  if (middle < 2) return undefined;
  const halves = [`name==${word.slice(0, middle)}*`, `name==*${word.slice(middle)}`];
  const found = await Promise.all(
    halves.map((query) =>
      client.osPkg_getAll({ id, query, count: mostCompared, latestOnly: true }, { signal }),
    ),
  );
  const names = found.flatMap(({ pkgs = [] }) => pkgs.flatMap((pkg) => pkg.name ?? []));
  return closest(name, new Set(names));
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
