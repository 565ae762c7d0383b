import * as vscode from 'vscode';
import type {
  KnownDistribution,
  Providers,
  ServerKnowledge,
} from '../../appliance/catalog/serverKnowledge.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { ErrorReporter } from '../errors.ts';
import type { Servers } from './servers.ts';

/** What was learnt is asked for again after this time. */
const staleMs = 5 * 60_000;
/** After a failure the server is left alone for this time. */
const pauseMs = 60_000;
/** A search that is typed shows no more than this. */
const mostFound = 50;

type KnownServers = Pick<Servers, 'current' | 'client' | 'isReady' | 'label' | 'onDidChange'>;

interface Learnt {
  readonly server: string;
  readonly at: number;
  readonly knowledge: ServerKnowledge;
}

export interface FoundPackage {
  readonly name: string;
  readonly version: string;
  /** As the server calls it; empty where it does not. */
  readonly repository: string;
}

/**
 * What the server has that new images are built on: its target formats, distributions, cloud accounts and
 * packages. Asked in the background when a definition is open and the person is signed in; never starts the
 * local forge for it.
 */
export class Knowledge implements vscode.Disposable {
  readonly #servers: KnownServers;
  readonly #clock: Clock;
  readonly #errors: Pick<ErrorReporter, 'note'>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  /** The repositories of a distribution with a package, by the server, its id and the name. */
  readonly #packages = new Map<string, readonly string[]>();
  /** What a name that a distribution does not have most likely means, by the same. */
  readonly #near = new Map<string, string>();
  /** Who provides a name that no package has, by the same. */
  readonly #providers = new Map<string, Providers>();
  readonly #profiles = new Map<string, readonly string[]>();
  /** What has been asked about, answered or not. */
  readonly #asked = new Set<string>();
  /** Names of packages to ask about when the check that mentioned them is over. */
  readonly #wondered = new Map<KnownDistribution, readonly string[]>();
  #learnt: Learnt | undefined;
  #learning: Promise<void> | undefined;
  #pausedUntil = 0;
  #disposed = false;

  /** There is more to check definitions with, or something else. */
  readonly onDidChange = this.#changed.event;

  constructor(servers: KnownServers, clock: Clock, errors: Pick<ErrorReporter, 'note'>) {
    this.#servers = servers;
    this.#clock = clock;
    this.#errors = errors;
    this.#subscription = vscode.Disposable.from(
      servers.onDidChange(() => this.#forget()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#learnt && this.#renew(this.#learnt.server)),
    );
  }

  /** What is known right now. Asks for what is missing in the background. */
  get current(): ServerKnowledge | undefined {
    const server = this.#server;
    if (server === undefined) return undefined;
    const known = this.#learnt?.server === server ? this.#learnt : undefined;
    const isFresh = known !== undefined && this.#clock.now() - known.at < staleMs;
    if (!isFresh) void this.#learnQuietly(server);
    return known?.knowledge;
  }

  /** Asks the server now, starting the local forge when that is the one. Rejects with what goes wrong. */
  async ask(signal?: AbortSignal): Promise<ServerKnowledge> {
    const server = this.#servers.current;
    const client = await this.#servers.client(server, signal);
    this.#packages.clear();
    this.#near.clear();
    this.#providers.clear();
    this.#profiles.clear();
    return this.#learn(server, client, signal);
  }

  /**
   * Asks which of these packages a distribution has. Resolves with those it lacks; a server that can't tell
   * lacks none.
   */
  async missingPackages(
    distribution: KnownDistribution,
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly string[]> {
    const server = this.#servers.current;
    const client = await this.#servers.client(server, signal);
    const { askForPackages } = await import('../../generate/askServer.ts');
    const open = names.filter((name) => !this.#packages.has(keyOf(server, distribution, name)));
    const { repositories, near, providers } = await askForPackages(client, distribution, open, signal);
    for (const [name, found] of repositories) this.#packages.set(keyOf(server, distribution, name), found);
    for (const [name, meant] of near) this.#near.set(keyOf(server, distribution, name), meant);
    for (const [name, found] of providers) this.#providers.set(keyOf(server, distribution, name), found);
    if (open.length > 0) this.#renew(server);
    return names.filter((name) => {
      const key = keyOf(server, distribution, name);
      return this.#packages.get(key)?.length === 0 && this.#providers.get(key)?.size !== 1;
    });
  }

  /** Names of the OS profiles of a distribution. */
  async profiles(distribution: KnownDistribution, signal?: AbortSignal): Promise<readonly string[]> {
    const server = this.#servers.current;
    const key = keyOf(server, distribution, '');
    const known = this.#profiles.get(key);
    if (known !== undefined) return known;
    const client = await this.#servers.client(server, signal);
    const { askForProfiles } = await import('../../generate/askServer.ts');
    const names = await askForProfiles(client, distribution, signal);
    this.#profiles.set(key, names);
    this.#renew(server);
    return names;
  }

  /** The packages whose names have a text in them, those that start with it first. */
  async search(
    distribution: KnownDistribution,
    text: string,
    signal?: AbortSignal,
  ): Promise<readonly FoundPackage[]> {
    const words = text.replaceAll(/[^\w.+-]/g, '');
    const client = await this.#servers.client(this.#servers.current, signal);
    const { pkgs = [] } = await client.osPkg_getAll(
      { id: distribution.id, query: `name==*${words}*`, count: mostFound * 4, latestOnly: true },
      { signal },
    );
    const found = new Map(
      pkgs.map(({ name = '', version = '', repositoryName: repository = '' }) => [
        name,
        { name, version, repository },
      ]),
    );
    found.delete('');
    return [...found.values()]
      .toSorted((a, b) => rank(a.name, words) - rank(b.name, words) || a.name.localeCompare(b.name))
      .slice(0, mostFound);
  }

  dispose(): void {
    this.#disposed = true;
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  /** A setting that is no address is somebody else's to complain about. */
  get #server(): string | undefined {
    try {
      return this.#servers.current;
    } catch {
      return undefined;
    }
  }

  async #learnQuietly(server: string): Promise<void> {
    if (this.#learning !== undefined || this.#clock.now() < this.#pausedUntil) return;
    this.#learning = this.#tryToLearn(server);
    try {
      await this.#learning;
    } catch (error) {
      this.#errors.note('Asking what the server has', error);
    } finally {
      this.#learning = undefined;
    }
  }

  async #tryToLearn(server: string): Promise<void> {
    this.#pausedUntil = this.#clock.now() + pauseMs;
    if (await this.#servers.isReady(server)) await this.#learn(server, await this.#servers.client(server));
  }

  async #learn(server: string, client: UForgeClient, signal?: AbortSignal): Promise<ServerKnowledge> {
    const { askServer } = await import('../../generate/askServer.ts');
    const knowledge: ServerKnowledge = {
      ...(await askServer({ client, label: this.#servers.label(server), signal })),
      profilesOf: (distribution) => this.#profilesOf(server, distribution),
      repositoriesWith: (distribution, name) => this.#repositoriesWith(server, distribution, name),
      nearPackage: (distribution, name) => this.#near.get(keyOf(server, distribution, name)),
      providersOf: (distribution, name) => this.#providers.get(keyOf(server, distribution, name)),
    };
    // What was refused then may be answered now.
    this.#asked.clear();
    this.#learnt = { server, at: this.#clock.now(), knowledge };
    if (!this.#disposed) this.#changed.fire();
    return knowledge;
  }

  /** What a check asks about and nobody knows yet is asked for when the check is over. */
  #repositoriesWith(
    server: string,
    distribution: KnownDistribution,
    name: string,
  ): readonly string[] | undefined {
    const key = keyOf(server, distribution, name);
    const known = this.#packages.get(key);
    if (known === undefined) this.#wonder(server, distribution, key, name);
    return known;
  }

  #profilesOf(server: string, distribution: KnownDistribution): readonly string[] | undefined {
    const key = keyOf(server, distribution, '');
    const known = this.#profiles.get(key);
    if (known === undefined) this.#wonder(server, distribution, key);
    return known;
  }

  /** Not in Restricted Mode: opening somebody's template must not send what is in it anywhere. */
  #wonder(server: string, distribution: KnownDistribution, key: string, name?: string): void {
    if (this.#asked.has(key) || !vscode.workspace.isTrusted) return;
    this.#asked.add(key);
    if (this.#wondered.size === 0) this.#clock.schedule(0, () => void this.#askWhatIsWondered(server));
    const names = this.#wondered.get(distribution) ?? [];
    this.#wondered.set(distribution, name === undefined ? names : [...names, name]);
  }

  /** Never rejects. */
  async #askWhatIsWondered(server: string): Promise<void> {
    const wondered = [...this.#wondered];
    this.#wondered.clear();
    if (this.#disposed || server !== this.#server) return;
    for (const [distribution, names] of wondered) {
      try {
        await this.profiles(distribution);
        await this.missingPackages(distribution, names);
      } catch (error) {
        this.#errors.note('Asking what a distribution has', error);
      }
    }
  }

  /** The same knowledge as another object: whoever has checked with the old one checks again. */
  #renew(server: string): void {
    if (this.#learnt?.server !== server || this.#disposed) return;
    this.#learnt = { ...this.#learnt, knowledge: { ...this.#learnt.knowledge } };
    this.#changed.fire();
  }

  #forget(): void {
    this.#learnt = undefined;
    this.#pausedUntil = 0;
    this.#packages.clear();
    this.#near.clear();
    this.#providers.clear();
    this.#profiles.clear();
    this.#asked.clear();
    this.#changed.fire();
  }
}

function keyOf(server: string, { id }: KnownDistribution, name: string): string {
  return `${server} ${id} ${name}`;
}

/** The name itself, what starts with it, what has it somewhere. */
function rank(name: string, text: string): number {
  if (name === text) return 0;
  return name.startsWith(text) ? 1 : 2;
}
