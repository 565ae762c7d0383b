import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { signUri } from '../../../src/uforge/authorizer.ts';
import { systemClock } from '../../../src/uforge/clock.ts';
import { Authentication } from '../../../src/forge/api/http/authentication.ts';
import { ApiKeyStore } from '../../../src/forge/store/apiKeyStore.ts';
import { Database } from '../../../src/forge/store/database.ts';
import { UserStore } from '../../../src/forge/store/userStore.ts';
import { Vault } from '../../../src/forge/store/vault.ts';
import { Guesses, TooManyGuesses } from '../../../src/forge/accounts/passwordGuesses.ts';
import { hashPassword } from '../../../src/forge/accounts/loginHashes.ts';
import { fakeClock, type FakeClock } from '../uforge/support.ts';
import { ManualClock } from '../tickets/support.ts';

const halfLife = 60_000;
const jo = { login: 'jo', address: '192.0.2.1' };

/** What the guesses waited for, ms; not for forgetting. */
function waitsOf({ waits }: FakeClock): number[] {
  return waits.filter((ms) => ms !== halfLife);
}

/** A clock whose time passes for those who wait, and which never comes to forgetting anything. */
function unforgetting(): FakeClock {
  const clock = fakeClock();
  const schedule = clock.schedule.bind(clock);
  return Object.assign(clock, {
    schedule(delayMs: number, callback: () => void) {
      return delayMs === halfLife ? { [Symbol.dispose]: () => undefined } : schedule(delayMs, callback);
    },
  });
}

const wrong = (): Promise<boolean> => Promise.resolve(false);
const right = (): Promise<boolean> => Promise.resolve(true);

suite('guessing passwords', () => {
  test('is slower with every wrong one of a login, up to a bound; the right one is right all the same', async () => {
    const clock = unforgetting();
    using guesses = new Guesses(clock);
    for (let times = 0; times < 12; times++) {
      assert.equal(await guesses.check(jo, `wrong ${times}`, wrong), false);
    }
    assert.deepEqual(waitsOf(clock), [250, 500, 1000, 2000, 4000, 8000, 8000, 8000, 8000]);
    const before = clock.waits.length;
    assert.equal(await guesses.check({ ...jo, login: 'al' }, 'x', wrong), false);
    assert.equal(clock.waits.length, before, 'others do not wait');
    assert.equal(await guesses.check(jo, 'sesame', right), true);
    assert.equal(clock.waits.at(-1), 8000);
    assert.equal(await guesses.check(jo, 'sesame', right), true);
    assert.equal(clock.waits.length, before + 1, 'forgiven');
  });

  test('of a login from one address keeps nobody at another one waiting', async () => {
    const clock = unforgetting();
    using guesses = new Guesses(clock);
    for (let times = 0; times < 30; times++) await guesses.check(jo, `wrong ${times}`, wrong);
    const before = clock.waits.length;
    assert.equal(await guesses.check({ login: 'jo', address: '192.0.2.2' }, 'sesame', right), true);
    assert.equal(clock.waits.length, before);
  });

  test('is slower with many logins, too', async () => {
    const clock = unforgetting();
    using guesses = new Guesses(clock);
    for (let times = 0; times < 30; times++)
      await guesses.check({ ...jo, login: `user ${times}` }, 'sesame', wrong);
    assert.deepEqual(waitsOf(clock), [50, 100, 200, 400, 800, 1000, 1000, 1000, 1000, 1000]);
  });

  test('at the same time does not help: one waits for the other, and too many are refused', async () => {
    const clock = new ManualClock();
    using guesses = new Guesses(clock);
    for (let times = 0; times < 3; times++) await guesses.check(jo, `wrong ${times}`, wrong);
    const checked: true[] = [];
    const count = (): Promise<boolean> => {
      checked.push(true);
      return Promise.resolve(false);
    };
    const ask = (login: string, password: string): Promise<unknown> =>
      guesses.check({ ...jo, login }, password, count).catch((error: unknown) => error);
    const same = [ask('jo', 'same'), ask('jo', 'same')];
    const others = Array.from({ length: 7 }, (_, index) => ask('jo', `other ${index}`));
    assert.ok((await ask('jo', 'one more')) instanceof TooManyGuesses);
    const answered = (): number => checked.length;
    assert.equal(answered(), 0);
    let waited = 0;
    while (answered() < 8) waited += await clock.next();
    assert.ok(waited >= 250 + 500 + 1000 + 2000 + 4000 + 3 * 8000, `${waited} ms`);
    assert.deepEqual(await Promise.all([...same, ...others]), new Array(9).fill(false));
  });

  test('is forgotten by and by, by timers that are gone when there is nothing to forget', async () => {
    const clock = new ManualClock();
    using guesses = new Guesses(clock);
    for (let times = 0; times < 3; times++) await guesses.check(jo, `wrong ${times}`, wrong);
    assert.equal(clock.pending, 1);
    clock.now = () => 0;
    await clock.next();
    await clock.next();
    assert.equal(clock.pending, 0);
    assert.equal(await guesses.check(jo, 'x', wrong), false);
  });

  test('locks out neither the session of the forge, nor who is signed in, nor API keys', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'forge-'));
    using database = new Database(join(folder.path, 'forge.db'));
    const users = new UserStore(database, systemClock);
    const apiKeys = new ApiKeyStore(database, Vault.open(join(folder.path, 'vault.key')), systemClock);
    users.first('forge');
    const jo = users.create('jo', await hashPassword('sesame'), []);
    const { record, secretKey } = apiKeys.create(jo?.id ?? 0, { name: undefined, description: undefined });
    const clock = unforgetting();
    using guesses = new Guesses(clock);
    const session = { user: 'forge', password: 'of this run' };
    const authentication = new Authentication({ users, apiKeys, session, guesses });
    const basic = (login: string, password: string) =>
      authentication.actingOf({
        authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`,
        relativeUri: 'status',
        address: '192.0.2.1',
      });
    await basic('jo', 'sesame');
    for (const login of ['jo', 'forge']) {
      for (let times = 0; times < 5; times++)
        await assert.rejects(basic(login, `wrong ${times}`), /is wrong/);
    }
    const waited = waitsOf(clock).length;
    assert.equal(waited, 4);
    assert.equal((await basic('jo', 'sesame')).user.login, 'jo');
    assert.equal((await basic('forge', 'of this run')).user.login, 'forge');
    const signed = `users/jo?apiKey=${record.publicKey}`;
    const relativeUri = `${signed}&signature=${encodeURIComponent(signUri(signed, secretKey, 'raw'))}`;
    const byKey = await authentication.actingOf({
      authorization: undefined,
      relativeUri,
      address: '192.0.2.1',
    });
    assert.equal(byKey.user.login, 'jo');
    assert.equal(waitsOf(clock).length, waited, 'none of them waits');
  });
});
