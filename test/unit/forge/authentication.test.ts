import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Authentication } from '../../../src/forge/api/http/authentication.ts';
import { Refusal } from '../../../src/forge/api/refusal.ts';
import { ApiKeyStore } from '../../../src/forge/store/apiKeyStore.ts';
import { Database } from '../../../src/forge/store/database.ts';
import { UserStore } from '../../../src/forge/store/userStore.ts';
import { Vault } from '../../../src/forge/store/vault.ts';
import { allEntitlements, isEntitlement } from '../../../src/forge/accounts/entitlements.ts';
import { Guesses } from '../../../src/forge/accounts/passwordGuesses.ts';
import { hashPassword, PasswordChecker } from '../../../src/forge/accounts/loginHashes.ts';
import { systemClock } from '../../../src/uforge/clock.ts';
import { allOperations } from '../../../src/uforge/operations.ts';

// The key pair of the Java guide's sample code; the digest is the one in the diagram of the API guide.
const publicKey = 'PHBowFEeRxX8D9KCDGNsNYErk2GvOqIepruLEIQzGKHZowfQtSgQNmIsBGRTvk6Y_4swVIV5BAPQRzwyZ1';
const secretKey = 'b9024Ox-N5jvPqzYw8I1fYvFRuSQv9sFuNM30gNAwZ4RqY5nOt2zPdB8XyOS2hp3oKB09-XsYbNr_e4apR';
const digest = 'cc90a186e8530ab02ead6bd5ea5f9e1b9807867f';

test('the published sample of an API key is let in, in both encodings, padded or not', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'forge-'));
  using database = new Database(join(folder.path, 'forge.db'));
  const vault = Vault.open(join(folder.path, 'vault.key'));
  const users = new UserStore(database, systemClock);
  const user = users.first('myUser');
  const apiKeys = new ApiKeyStore(database, vault, systemClock);
  database
    .prepare('INSERT INTO api_key (owner_id, public_key, secret, created, modified) VALUES (?, ?, ?, 0, 0)')
    .run(user.id, publicKey, vault.seal(secretKey, publicKey));
  const session = { user: 'myUser', password: 'x' };
  using guesses = new Guesses(systemClock);
  const authentication = new Authentication({ users, apiKeys, session, guesses });
  const ask = (signature: string) =>
    authentication.actingOf({
      authorization: undefined,
      address: '127.0.0.1',
      relativeUri: `users/myUser/appliances?apiKey=${publicKey}&signature=${signature}`,
    });
  const hex = Buffer.from(digest).toString('base64');
  const raw = Buffer.from(digest, 'hex').toString('base64');
  for (const right of [hex, hex.replace(/=+$/, ''), raw, encodeURIComponent(raw), raw.replace(/=+$/, '')]) {
    assert.equal((await ask(right)).user.login, 'myUser', right);
  }
  for (const wrong of ['', digest, hex.slice(1), raw.toLowerCase(), '%']) {
    await assert.rejects(ask(wrong), (error) => error instanceof Refusal && error.status === 401);
  }
});

suite('passwords', () => {
  test('are checked against their hash, whoever asks and whatever was right before', async () => {
    const checker = new PasswordChecker();
    const [one, two] = [await hashPassword('sesame'), await hashPassword('sesame')];
    assert.notEqual(one, two, 'salted');
    assert.match(one, /^scrypt\$32768\$8\$1\$/);
    for (let times = 0; times < 3; times++) {
      assert.equal(await checker.check('sesame', one), true);
      assert.equal(await checker.check('Sesame', one), false);
      assert.equal(await checker.check('sesame', undefined), false);
    }
    assert.equal(
      await checker.check('caf\u00e9', await hashPassword('cafe\u0301')),
      true,
      'however it is typed',
    );
    await assert.rejects(checker.check('x', 'md5$abc'), /unknown form/);
    assert.equal(await checker.check('sesame', two), true, 'one that fails stops nobody');
  });
});

test('what is sealed opens with the same key and in the same place only', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'forge-'));
  const file = join(folder.path, 'vault.key');
  const vault = Vault.open(file);
  const sealed = vault.seal('hush', 'account 1');
  assert.notEqual(sealed, vault.seal('hush', 'account 1'));
  assert.equal(Vault.open(file).unseal(sealed, 'account 1'), 'hush');
  assert.equal(vault.unseal(sealed, 'account 2'), undefined);
  assert.equal(vault.unseal(sealed.replace(/^.{4}/, 'AAAA'), 'account 1'), undefined);
  assert.equal(vault.unseal('', 'account 1'), undefined);
  assert.equal(Vault.open(join(folder.path, 'other.key')).unseal(sealed, 'account 1'), undefined);
});

test('every entitlement an operation asks for can be given', () => {
  for (const { name, entitlements = [] } of allOperations) {
    for (const each of entitlements) assert.ok(isEntitlement(each), `${name}: ${each}`);
  }
  assert.equal(new Set(allEntitlements).size, allEntitlements.length);
});
