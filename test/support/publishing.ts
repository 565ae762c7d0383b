import assert from 'node:assert/strict';
import { element, until, type Answer, type TestForge } from '../forge/server/support.ts';

/** A document to the forge as JSON, below the user’s address. */
export function post(forge: TestForge, path: string, document: object): Promise<Answer> {
  return forge.call('POST', `/users/${forge.user}${path}`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(document),
  });
}

/** Keeps a cloud account and gives its id. */
export async function keepAccount(forge: TestForge, credAccount: object): Promise<string> {
  const made = await post(forge, '/accounts', { credAccount });
  assert.equal(made.status, 201, made.text);
  return element(made.text, 'dbId') ?? '';
}

/** What the platform of an account offers to it: the forge's answer. */
export function resourcesOf(forge: TestForge, dbId: string): Promise<Answer> {
  return forge.call('GET', `/users/${forge.user}/accounts/${dbId}/resources`);
}

/** Starts a publication of an image and gives its path. */
export async function publish(
  forge: TestForge,
  image: string,
  publishImage: Readonly<Record<string, unknown>>,
): Promise<string> {
  const path = image.replace(/^\/users\/[^/]+/, '');
  const made = await post(forge, `${path}/pimages`, { publishImage });
  assert.equal(made.status, 201, made.text);
  return `${image}/pimages/${element(made.text, 'dbId') ?? ''}`;
}

export interface Ended {
  readonly state: 'done' | 'failed' | 'cancelled';
  readonly message: string;
  readonly detail: string;
  /** The whole publication. */
  readonly text: string;
}

/** Waits until a publication has ended. */
export async function ended(forge: TestForge, publication: string): Promise<Ended> {
  let text = '';
  const is = (flag: string): boolean => element(text, flag) === 'true';
  await until(
    `${publication} has ended`,
    async () => {
      ({ text } = await forge.call('GET', `${publication}/status`));
      return is('complete') || is('error') || is('cancelled');
    },
    120_000,
  );
  const state = is('complete') ? 'done' : is('error') ? 'failed' : 'cancelled';
  return {
    state,
    message: element(text, 'errorMessage') ?? '',
    detail: element(text, 'detailedErrorMsg') ?? '',
    text: (await forge.call('GET', publication)).text,
  };
}
