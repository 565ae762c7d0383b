import type { ApiKeyPair } from '../../../uforge/dto.ts';
import { dto, empty } from '../http/answer.ts';
import { listed } from '../http/query.ts';
import type { Uris } from '../answers/uris.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import type { ApiKeyRecord } from '../../store/apiKeyStore.ts';
import { owned, type Call, type Routes } from './route.ts';

export const apiKeyRoutes: Routes = {
  apiKey_getAll: ({ forge, owner, uris }) =>
    listed(
      'apiKeyPairs',
      forge.apiKeys.ofOwner(owner.id).map((record) => present(record, uris)),
    ),

  /** The body may say what the pair is for; the keys are made here, and the secret one is told this once. */
  apiKey_create: async ({ forge, owner, supervisor, uris, body }) => {
    const { name, description } = await body('apiKeyPair');
    const { record, secretKey } = forge.apiKeys.create(owner.id, { name, description }, supervisor?.id);
    return dto('apiKeyPair', { ...present(record, uris), secretKey });
  },

  apiKey_update: async (call) => {
    const { id } = find(call);
    const { name, description } = await call.body('apiKeyPair');
    call.forge.apiKeys.change(id, { name, description });
    return dto('apiKeyPair', present(find(call), call.uris));
  },

  apiKey_delete: (call) => {
    call.forge.apiKeys.delete(find(call).id);
    return empty;
  },
};

function find(call: Call): ApiKeyRecord {
  return owned(call, call.forge.apiKeys, 'akid', sentence`API key`);
}

function present(record: ApiKeyRecord, uris: Uris): ApiKeyPair {
  return {
    created: record.created,
    dbId: record.id,
    lastModified: record.modified,
    ...(record.name !== undefined && { name: record.name }),
    ...(record.description !== undefined && { description: record.description }),
    publicKey: record.publicKey,
    uri: `${uris.user}/apikeys/${record.id}`,
  };
}
