import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { platformOf } from '../appliance/catalog/platformOf.ts';
import {
  accountCertificates,
  accountFields,
  publishKinds,
  type PublishKind,
} from '../appliance/catalog/publishKinds.ts';
import { accountId, accountRequest, cloudAccountsOn, type CloudAccount } from '../generate/cloudAccount.ts';
import { exitCodes } from '../generate/exitCodes.ts';
import { InputError } from '../generate/inputError.ts';
import { variables } from '../generate/variables.ts';
import type { UForgeClient } from '../uforge/client/client.ts';
import type { AccountsArguments } from './arguments.ts';
import { openServer } from './connect.ts';
import type { Environment } from './environment.ts';
import { Failure } from './failure.ts';
import type { Reporter } from './reporter.ts';

/**
 * Lists, adds, deletes or tests the cloud accounts of a server. Secrets come from the environment or standard input:
 * every process can read the arguments of another.
 * @throws whatever kept it from that; `failureFrom` knows what it means
 */
export async function accounts(
  args: AccountsArguments,
  environment: Environment,
  reporter: Reporter,
): Promise<void> {
  const { action, name } = args;
  const request = action === 'add' ? await read(args, environment) : undefined;
  await using server = await openServer(args, environment, environment.clock);
  const { signal } = environment;
  const client = await server.clients(server.name, signal);
  if (request !== undefined) {
    const made = await client.cloudAccount_create({}, request, { signal });
    reporter.ended(`The server keeps the cloud account ${name}.`, { account: factsOf(made) });
    return;
  }
  const all = await cloudAccountsOn(client, signal);
  if (action === 'list') {
    const lines = all.map(({ name: each = '', $type }) => `${each}\t${platformOf($type ?? '')}`);
    reporter.ended(lines.join('\n'), { accounts: all.map(factsOf) });
    return;
  }
  const account = all.find((each) => each.name === name);
  if (account === undefined) {
    const names = all.flatMap((each) => each.name ?? []).join(', ');
    throw new InputError(`There is no cloud account “${name}”. There are: ${names === '' ? 'none' : names}.`);
  }
  if (action === 'delete') {
    await client.cloudAccount_delete(accountId(account), { signal });
    reporter.ended(`The server has forgotten the cloud account ${name}.`, { account: factsOf(account) });
    return;
  }
  await test(account, client, reporter, signal);
}

/** Whether the platform lets the account in: the server asks it what it has. */
async function test(
  account: CloudAccount,
  client: UForgeClient,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const { name = '' } = account;
  const platform = platformOf(account.$type ?? '');
  const { resources = [] } = await client.cloudAccountResources_get(accountId(account), { signal });
  if (resources.length === 0) {
    throw new Failure(
      exitCodes.failed,
      `The server does not say what ${platform} offers ${name}: whether it lets it in shows when you publish.`,
    );
  }
  reporter.ended(`${platform} lets ${name} in.`, { account: factsOf(account) });
}

function factsOf({ name, $type, uri, secretsMissing }: CloudAccount): object {
  return { name, platform: platformOf($type ?? ''), uri, ...(secretsMissing === true && { secretsMissing }) };
}

async function read(
  { platform, name, values, secretStdin }: AccountsArguments,
  { env }: Environment,
): Promise<CloudAccount> {
  const kind = publishKinds.find((each) => each.platform.toLowerCase() === platform.toLowerCase());
  if (kind === undefined) {
    const known = publishKinds.map((each) => each.platform).join(', ');
    throw new InputError(`There is no platform “${platform}”. There are: ${known}.`);
  }
  const fields = accountFields(kind);
  const certificates = accountCertificates(kind).map(({ type }) => type);
  const plain = [...fields.filter(({ secret }) => !secret).map((each) => each.name), ...certificates];
  const strange = Object.keys(values).find((each) => !plain.includes(each));
  if (strange !== undefined) {
    throw new InputError(
      fields.some((each) => each.secret && each.name === strange)
        ? `“${strange}” is a secret: give it in ${variables.accountSecret} or with --secret-stdin, not as an argument.`
        : `An account at ${kind.platform} has no “${strange}”. It has: ${plain.join(', ')}.`,
    );
  }
  const secret = secretStdin ? await firstLine() : (env[variables.accountSecret] ?? '');
  const given: Record<string, string> = { ...values };
  for (const field of fields) if (field.secret) given[field.name] = secret;
  for (const type of certificates)
    if (values[type] !== undefined) given[type] = await contentOf(values[type]);
  assertComplete(kind, given);
  return accountRequest(kind, name, given);
}

function assertComplete(kind: PublishKind, values: Readonly<Record<string, string>>): void {
  const needed = [
    ...accountFields(kind),
    ...accountCertificates(kind).map(({ type, required }) => ({ name: type, required, secret: false })),
  ];
  const missing = needed.filter(({ name, required }) => required && (values[name] ?? '') === '');
  if (missing.length === 0) return;
  const names = missing.map(({ name, secret }) =>
    secret ? `“${name}” in ${variables.accountSecret}` : `“${name}”`,
  );
  throw new InputError(`An account at ${kind.platform} needs ${names.join(', ')}.`);
}

async function contentOf(file: string): Promise<string> {
  try {
    return (await readFile(file)).toString('base64');
  } catch (error) {
    throw new Failure(exitCodes.input, `The file ${file} can’t be read.`, String(error));
  }
}

async function firstLine(): Promise<string> {
  const lines = createInterface(process.stdin);
  for await (const line of lines) {
    lines.close();
    return line;
  }
  return '';
}
