import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Clock } from '../../uforge/clock.ts';
import { defaultDataDir, UsageError } from '../arguments.ts';
import { DataFolderBusy, lockDataFolder } from '../lock.ts';
import { dataFolder, prepareDataFolder, type DataFolder } from '../paths.ts';
import { ApplianceStore } from '../store/applianceStore.ts';
import { Database } from '../store/database.ts';
import { TicketStore } from '../store/ticketStore.ts';
import { UserStore, type UserRecord } from '../store/userStore.ts';
import { allEntitlements, isEntitlement, ordinaryEntitlements, type Entitlement } from './entitlements.ts';
import { loginProblem } from './login.ts';
import { hashPassword } from './passwords.ts';

export const userUsage = `Usage: forge user add LOGIN [--entitlements LIST] [--data DIR]
       forge user set LOGIN [--password] [--entitlements LIST] [--data DIR]
       forge user list [--data DIR]
       forge user remove LOGIN [--force] [--data DIR]
  --entitlements LIST  names with commas between them, or "all"; for add, what it takes to build and publish
                       images unless given. There are: ${allEntitlements.join(', ')}
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
  /** Asks a person, without an echo. Undefined where there is nobody to ask. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/**
 * `forge user …`: keeps the users of a data folder, also while a forge works with it, which looks them up with
 * every request. @throws {UsageError | UserCommandError}
 */
export async function userCommand(argv: readonly string[], init: UserCommandInit): Promise<void> {
  const { values, positionals } = parse(argv);
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
  // Before the database is open: a person may take their time.
  const wantsPassword = verb === 'add' || (verb === 'set' && values.password === true);
  const password = wantsPassword ? await hashPassword(await passwordFor(login, init)) : undefined;
  using stores = await openStores(data, init.clock);
  if (verb === 'add') add(stores, login, password, entitlements ?? ordinaryEntitlements, init);
  else if (verb === 'set') set(stores, existing(stores, login), password, entitlements, init);
  else await remove(stores, existing(stores, login), values.force === true, init);
}

interface Stores extends Disposable {
  readonly data: DataFolder;
  readonly users: UserStore;
  readonly appliances: ApplianceStore;
  readonly tickets: TicketStore;
}

/** A running forge has brought the database to its own schema; without one it is done here, under its lock. */
async function openStores(data: DataFolder, clock: Clock): Promise<Stores> {
  await prepareDataFolder(data);
  let database: Database;
  try {
    using _lock = lockDataFolder(data.lock);
    database = new Database(data.database);
  } catch (error) {
    if (!(error instanceof DataFolderBusy)) throw error;
    if (!Database.isCurrent(data.database)) {
      throw new UserCommandError(
        'The forge that runs on this data folder is of another version. Stop it, then try again.',
      );
    }
    database = new Database(data.database);
  }
  return {
    data,
    users: new UserStore(database, clock),
    appliances: new ApplianceStore(database, clock),
    tickets: new TicketStore(database, clock),
    [Symbol.dispose]: () => database[Symbol.dispose](),
  };
}

function list({ users, appliances, tickets }: Stores, { print }: UserCommandInit): void {
  for (const user of users.all()) {
    print(
      [
        user.login,
        `appliances: ${appliances.ofOwner(user.id).length}`,
        `images: ${tickets.ofOwner(user.id).length}`,
        user.password === undefined ? 'password of the running forge' : 'password',
        [...user.entitlements].sort().join(','),
      ].join('\t'),
    );
  }
}

function add(
  { users }: Stores,
  login: string,
  password: string | undefined,
  entitlements: Iterable<Entitlement>,
  { print }: UserCommandInit,
): void {
  if (users.create(login, password, entitlements) === undefined) {
    throw new UserCommandError(`There is a user ${login} already. Change them with: forge user set ${login}`);
  }
  print(`Added ${login}.`);
}

function set(
  { users }: Stores,
  user: UserRecord,
  password: string | undefined,
  entitlements: Iterable<Entitlement> | undefined,
  { print }: UserCommandInit,
): void {
  if (password === undefined && entitlements === undefined) {
    throw new UsageError('Say what to change: --password or --entitlements.');
  }
  if (password !== undefined) users.setPassword(user.id, password);
  if (entitlements !== undefined) users.setEntitlements(user.id, entitlements);
  print(`Changed ${user.login}.`);
}

/** First the rows go, so that nobody finds them; a forge wipes what is left of files when it starts. */
async function remove(
  { data, users, appliances, tickets }: Stores,
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
  users.delete(user.id);
  const folders = [
    ...theirAppliances.map(({ id }) => join(data.appliances, String(id))),
    ...theirTickets.flatMap(({ id }) => [data.image(id), data.log(id)]),
  ];
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
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

function checked(password: string): string {
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

function parse(argv: readonly string[]): ReturnType<typeof parseArgs<typeof config>> {
  try {
    return parseArgs({ ...config, args: [...argv] });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

const config = {
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    entitlements: { type: 'string' },
    password: { type: 'boolean' },
    force: { type: 'boolean' },
  },
} as const;
