import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../uforge/clock.ts';
import { defaultDataDir, parseOptions } from '../process/arguments.ts';
import { UsageError } from '../process/usageError.ts';
import { DataFolderBusy, lockDataFolder } from '../process/lock.ts';
import { dataFolder, type DataFolder } from '../process/paths.ts';
import { prepareDataFolder } from '../process/prepareDataFolder.ts';
import { ApplianceStore } from '../store/applianceStore.ts';
import { Database } from '../store/database.ts';
import { ExportStore } from '../store/exportStore.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { TicketStore } from '../store/ticketStore.ts';
import { UsageStore, type Limit, type QuotaType } from '../store/usageStore.ts';
import { UserStore, type UserRecord } from '../store/userStore.ts';
import type { Ask } from './askPassword.ts';
import { allEntitlements, isEntitlement, ordinaryEntitlements, type Entitlement } from './entitlements.ts';
import { asStartError } from '../process/whyNotStarted.ts';
import { loginProblem } from './loginProblem.ts';
import { hashPassword } from './loginHashes.ts';
import { parseQuotas } from './quotaOption.ts';
import { Quotas } from './quotas.ts';

export const userUsage = `Usage: forge user add LOGIN [--entitlements LIST] [--quota LIST] [--data DIR]
       forge user set LOGIN [--password] [--entitlements LIST] [--quota LIST] [--data DIR]
       forge user list [--data DIR]
       forge user remove LOGIN [--force] [--data DIR]
  --entitlements LIST  names with commas between them, or "all"; for add, what it takes to build and publish
                       images unless given. There are: ${allEntitlements.join(', ')}
  --quota LIST         limits with commas between them, for example appliance=10,generation=20/month,diskusage=50GB;
                       generation=none takes one away. Without: no limit
  --password           ask for a new password
  --force              remove the user's appliances and images, too
The password is taken from FORGE_PASSWORD, else asked for. It all works while a forge runs on the data folder.`;

/** What the command can't do as things stand; the message says what to do. */
export class UserCommandError extends Error {
  override readonly name = 'UserCommandError';
}

export interface UserCommandInit {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly print: (line: string) => void;
  /** Undefined where there is nobody to ask. */
  readonly ask: Ask | undefined;
}

/**
 * `forge user …`: keeps the users of a data folder, also while a forge works with it, which looks them up
 * with every request. @throws {UsageError | UserCommandError | StartError}
 */
export async function userCommand(argv: readonly string[], init: UserCommandInit): Promise<void> {
  const { values, positionals } = parseOptions({ ...config, args: [...argv] });
  const [verb, login, ...more] = positionals;
  const data = dataFolder(values.data ?? defaultDataDir(init.env));
  if (more.length > 0) throw new UsageError(`One login at a time, not also "${more.join(' ')}".`);
  if (verb === 'list' && login === undefined) {
    using stores = await openStores(data, init.clock);
    list(stores, init);
    return;
  }
  const known = ['add', 'set', 'remove'].includes(verb ?? '');
  if (!known || login === undefined) throw new UsageError('Say what to do, and with which user.');
  const problem = loginProblem(login);
  if (problem !== undefined) throw new UsageError(`The login ${problem}`);
  const entitlements = values.entitlements === undefined ? undefined : entitlementsOf(values.entitlements);
  const quotas = values.quota === undefined ? undefined : parseQuotas(values.quota);
  // Before the database is open: a person may take their time.
  const wantsPassword = verb === 'add' || (verb === 'set' && values.password === true);
  const password = wantsPassword ? await hashPassword(await passwordFor(login, init)) : undefined;
  using stores = await openStores(data, init.clock);
  const change = { password, entitlements, quotas };
  if (verb === 'add') add(stores, login, change, init);
  else if (verb === 'set') set(stores, existing(stores, login), change, init);
  else await remove(stores, existing(stores, login), values.force === true, init);
}

interface Change {
  /** Hashed. */
  readonly password: string | undefined;
  readonly entitlements: readonly Entitlement[] | undefined;
  readonly quotas: ReadonlyMap<QuotaType, Limit> | undefined;
}

interface Stores extends Disposable {
  readonly data: DataFolder;
  readonly users: UserStore;
  readonly appliances: ApplianceStore;
  readonly tickets: TicketStore;
  readonly exports: ExportStore;
  readonly usage: UsageStore;
  readonly quotas: Quotas;
}

async function openStores(data: DataFolder, clock: Clock): Promise<Stores> {
  const database = await open(data).catch((error: unknown) => {
    throw asStartError(error, data);
  });
  const users = new UserStore(database, clock);
  const usage = new UsageStore(database, clock);
  return {
    data,
    users,
    usage,
    quotas: new Quotas({ users, usage, clock }),
    appliances: new ApplianceStore(database, clock),
    tickets: new TicketStore(database, clock),
    exports: new ExportStore(database, clock),
    [Symbol.dispose]: () => database[Symbol.dispose](),
  };
}

/**
 * A running forge has brought the database to its own schema; without one it is done here, under its lock.
 */
async function open(data: DataFolder): Promise<Database> {
  await prepareDataFolder(data);
  try {
    using _lock = lockDataFolder(data.lock);
    return openDatabase(data);
  } catch (error) {
    if (!(error instanceof DataFolderBusy)) throw error;
    if (!Database.isCurrent(data.database)) {
      throw new UserCommandError(
        'The forge that runs on this data folder is of another version. Stop it, then try again.',
      );
    }
    return new Database(data.database);
  }
}

function list({ users, appliances, tickets, quotas }: Stores, { print }: UserCommandInit): void {
  for (const user of users.all()) {
    print(
      [
        user.login,
        `appliances: ${appliances.ofOwner(user.id).length}`,
        `images: ${tickets.ofOwner(user.id).length}`,
        user.password === undefined ? 'password of the running forge' : 'password',
        [...user.entitlements].sort().join(','),
        ...quotas
          .of(user.id)
          .filter(({ limit }) => limit >= 0)
          .map(
            ({ type, used, limit, monthly }) => `${type}: ${used} of ${limit}${monthly ? ' a month' : ''}`,
          ),
      ].join('\t'),
    );
  }
}

function add(
  { users, usage }: Stores,
  login: string,
  { password, entitlements = ordinaryEntitlements, quotas = new Map() }: Change,
  { print }: UserCommandInit,
): void {
  const user = users.create(login, password, entitlements);
  if (user === undefined) {
    throw new UserCommandError(`There is a user ${login} already. Change them with: forge user set ${login}`);
  }
  for (const [type, limit] of quotas) usage.setLimit(user.id, type, limit);
  print(`Added ${login}.`);
}

function set(
  { users, usage }: Stores,
  user: UserRecord,
  { password, entitlements, quotas }: Change,
  { print }: UserCommandInit,
): void {
  if (password === undefined && entitlements === undefined && quotas === undefined) {
    throw new UsageError('Say what to change: --password, --entitlements or --quota.');
  }
  if (password !== undefined) users.setPassword(user.id, password);
  if (entitlements !== undefined) users.setEntitlements(user.id, entitlements);
  for (const [type, limit] of quotas ?? []) usage.setLimit(user.id, type, limit);
  print(`Changed ${user.login}.`);
}

/** First the files go: nothing would ever remove what the database does not know any more. */
async function remove(
  { data, users, appliances, tickets, exports }: Stores,
  user: UserRecord,
  force: boolean,
  { print }: UserCommandInit,
): Promise<void> {
  const theirAppliances = appliances.ofOwner(user.id);
  const theirTickets = tickets.ofOwner(user.id);
  if (theirAppliances.length > 0 && !force) {
    throw new UserCommandError(
      `${user.login} has appliances (${theirAppliances.length}) and images (${theirTickets.length}). ` +
        'Remove these, too, with --force.',
    );
  }
  if (theirTickets.some(({ state }) => state === 'waiting' || state === 'running')) {
    throw new UserCommandError(
      `An image of ${user.login} is being generated. Cancel it or stop the forge first.`,
    );
  }
  const folders = [
    ...theirAppliances.map(({ id }) => join(data.appliances, String(id))),
    ...theirAppliances.flatMap(({ id }) => exports.ofAppliance(id).map((each) => data.export(each.id))),
    ...theirTickets.flatMap(({ id }) => [data.image(id), data.log(id)]),
  ];
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  users.delete(user.id);
  print(`Removed ${user.login}.`);
}

function existing({ users }: Stores, login: string): UserRecord {
  const user = users.find(login);
  if (user === undefined) throw new UserCommandError(`There is no user ${login}.`);
  return user;
}

async function passwordFor(login: string, { env, ask }: UserCommandInit): Promise<string> {
  const given = env['FORGE_PASSWORD'];
  if (given !== undefined) return checked(given);
  if (ask === undefined) {
    throw new UserCommandError('There is no terminal to ask for a password: set FORGE_PASSWORD.');
  }
  const password = checked(await ask(`Password for ${login}: `));
  if (password !== (await ask('Again: '))) throw new UserCommandError('The two passwords differ.');
  return password;
}

function checked(password: string | undefined): string {
  if (password === undefined) throw new UserCommandError('No password was given.');
  if (password === '') throw new UserCommandError('The password must not be empty.');
  return password;
}

function entitlementsOf(list: string): readonly Entitlement[] {
  if (list === 'all') return allEntitlements;
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.filter((name) => !isEntitlement(name));
  if (unknown.length > 0) throw new UsageError(`There is no entitlement ${unknown.join(', ')}.`);
  return names.filter(isEntitlement);
}

const config = {
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    entitlements: { type: 'string' },
    quota: { type: 'string' },
    password: { type: 'boolean' },
    force: { type: 'boolean' },
  },
} as const;
