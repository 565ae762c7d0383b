import { dto, empty } from '../http/answer.ts';
import { listed } from '../http/query.ts';
import { cloudAccountOf } from '../answers/cloudAccount.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { orRefusal, Refusal } from '../refusal.ts';
import type { CloudAccountRecord } from '../../store/cloudAccountStore.ts';
import type { CredAccount } from '../../store/cloudSecrets.ts';
import { owned, type Call, type Routes } from './route.ts';

/** Accounts at target platforms, of any kind: what is in them is the platform's business. */
export const cloudAccountRoutes: Routes = {
  cloudAccount_getAll: ({ forge, owner, uris, query }) => {
    const all = forge.cloudAccounts.ofOwner(owner.id).map((record) => cloudAccountOf(record, uris));
    return listed('credAccounts', all, query);
  },

  cloudAccount_get: (call) => dto('credAccount', cloudAccountOf(find(call), call.uris)),

  cloudAccount_create: async ({ forge, owner, uris, body }) => {
    const account = checked(await body('credAccount'));
    const record = forge.cloudAccounts.create(owner.id, account.name, account);
    if (record === undefined) throw nameTaken(account.name);
    return dto('credAccount', cloudAccountOf(record, uris));
  },

  cloudAccount_update: async (call) => {
    const { id, account: before } = find(call);
    const account = checked(await call.body('credAccount'));
    if (account.$type !== before.$type) {
      throw new Refusal(
        'ERROR.CREDACCOUNT.KIND',
        sentence`Cloud account ${id} is a ${before.$type ?? 'CredAccount'} and can't become a ${account.$type}.`,
      );
    }
    const record = call.forge.cloudAccounts.change(id, account.name, account);
    if (record === undefined) throw nameTaken(account.name);
    return dto('credAccount', cloudAccountOf(record, call.uris));
  },

  cloudAccount_delete: (call) => {
    call.forge.cloudAccounts.delete(find(call).id);
    return empty;
  },

  /** What its platform offers to an account. One that is not let in is told so here, before anything is sent. */
  cloudAccountResources_get: async (call) => {
    const { id } = find(call);
    const resources = await orRefusal(call.forge.publications.resources(id, call.signal));
    return dto('credAccountResources', resources);
  },
};

function find(call: Call): CloudAccountRecord {
  return owned(call, call.forge.cloudAccounts, 'caid', sentence`Cloud account`);
}

/** What a client may send back of an answer, and is ours to say. */
const ours = {
  created: undefined,
  dbId: undefined,
  digest: undefined,
  lastModified: undefined,
  parentUri: undefined,
  secretsMissing: undefined,
  uri: undefined,
} as const;

function checked(account: CredAccount): CredAccount & { readonly name: string; readonly $type: string } {
  const { $type, name } = account;
  if ($type === undefined) {
    throw new Refusal(
      'ERROR.CREDACCOUNT.KIND',
      sentence`Say in xsi:type which kind of cloud account it is, for example CredAccountOpenStack.`,
    );
  }
  if (name === undefined || name.trim() === '') {
    throw new Refusal('ERROR.CREDACCOUNT.NAME', sentence`A cloud account needs a name.`);
  }
  return { ...account, ...ours, name, $type };
}

function nameTaken(name: string): Refusal {
  return new Refusal(
    'ERROR.CREDACCOUNT.ALREADY_EXISTS',
    sentence`There is a cloud account “${name}” already.`,
    {
      parameters: [name],
    },
  );
}
