import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { signUri } from '../../../src/uforge/authorizer.ts';
import {
  archive,
  basic,
  element,
  errorOf,
  importArchive,
  mainScript,
  startForge,
  template,
  temporaryFolder,
  type TestForge,
} from './support.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
before(async () => {
  folder = await temporaryFolder();
  forge = await startForge(folder.path);
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

interface Ended {
  readonly code: number;
  readonly text: string;
}

/** `forge user …` in a process of its own, while the forge runs. */
function userCommand(args: readonly string[], password?: string): Promise<Ended> {
  const env = { ...process.env };
  delete env['FORGE_PASSWORD'];
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [mainScript, 'user', ...args, '--data', folder.path],
      { env: { ...env, ...(password !== undefined && { FORGE_PASSWORD: password }) } },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), text: out + err }),
    );
    child.stdin?.end();
  });
}

async function added(login: string, password: string, ...args: readonly string[]): Promise<string> {
  const { code, text } = await userCommand(['add', login, ...args], password);
  assert.equal(code, 0, text);
  return basic(login, password);
}

suite('several users', () => {
  test('one who is added may come in at once, and sees nothing of the others', async () => {
    const anna = await added('anna@example.org', 'sesame: open');
    const mine = await importArchive(forge, await archive(template('mine')));
    const theirs = '/users/anna%40example.org';
    assert.ok(mine.appliance);
    const { status, text } = await forge.call('GET', theirs, { authorization: anna });
    assert.equal(status, 200);
    assert.match(text, /<entitlement><name>image_generate<\/name>/);
    const list = await forge.call('GET', `${theirs}/appliances`, { authorization: anna });
    assert.equal(element(list.text, 'total'), '0');
    for (const each of [mine.appliance, `${mine.appliance}/images`, mine.uri]) {
      errorOf(await forge.call('GET', each, { authorization: anna }), 403, 'ERROR.AUTHORIZATION.OTHER_USER');
      const underOwnName = each.replace(/^\/users\/[^/]+/, theirs);
      errorOf(
        await forge.call('GET', underOwnName, { authorization: anna }),
        404,
        'ERROR.RESOURCE.NOT_FOUND',
      );
    }
    const del = await forge.call('DELETE', mine.appliance.replace('/users/forge', theirs), {
      authorization: anna,
    });
    errorOf(del, 404, 'ERROR.RESOURCE.NOT_FOUND');
    const statuses = await forge.call('GET', `${theirs}/imports/statuses?ai=${mine.uri}`, {
      authorization: anna,
    });
    assert.equal(element(statuses.text, 'total'), '0');
    assert.equal((await forge.call('GET', mine.appliance)).status, 200);
    errorOf(await forge.call('GET', theirs), 403, 'ERROR.AUTHORIZATION.OTHER_USER');
  });

  test('two may have appliances of the same name', async () => {
    const ben = await added('ben', 'b');
    const first = await importArchive(forge, await archive(template('twin')));
    const asBen: TestForge = {
      ...forge,
      user: 'ben',
      call: (method, path, init) => forge.call(method, path, { authorization: ben, ...init }),
    };
    const second = await importArchive(asBen, await archive(template('twin')));
    assert.match(second.appliance ?? '', /^\/users\/ben\/appliances\/\d+$/);
    assert.notEqual(first.appliance?.split('/').at(-1), second.appliance?.split('/').at(-1));
  });

  test('what one is not entitled to is refused with the name of what is missing', async () => {
    const carl = await added('carl', 'c', '--entitlements', 'image_generate');
    const call = (path: string) => forge.call('GET', `/users/carl${path}`, { authorization: carl });
    // An answer that is kept is for whoever is still who they were.
    for (let times = 0; times < 3; times++) assert.equal((await call('/images/status')).status, 200);
    const refused = await call('/appliances');
    errorOf(refused, 403, 'ERROR.AUTHORIZATION.ENTITLEMENT');
    assert.equal(element(refused.text, 'parameter'), 'appliance_create');
    assert.equal((await userCommand(['set', 'carl', '--entitlements', 'appliance_create'])).code, 0);
    assert.equal((await call('/appliances')).status, 200);
    errorOf(await call('/images/status'), 403, 'ERROR.AUTHORIZATION.ENTITLEMENT');
  });

  test('a supervisor acts for another user, and nobody else does', async () => {
    await added('boss', 'b', '--entitlements', 'supervisor_access');
    await added('dora', 'd');
    const asDora = basic('boss\\dora', 'b');
    assert.equal((await forge.call('GET', '/users/dora/appliances', { authorization: asDora })).status, 200);
    errorOf(
      await forge.call('GET', '/users/boss', { authorization: asDora }),
      403,
      'ERROR.AUTHORIZATION.OTHER_USER',
    );
    const others: readonly (readonly [string, string, number])[] = [
      ['boss\\dora', 'd', 401],
      ['boss\\nobody', 'b', 401],
      ['dora\\boss', 'd', 403],
      [`${forge.user}\\dora`, forge.password, 403],
    ];
    for (const [login, password, status] of others) {
      const answer = await forge.call('GET', '/users/dora', { authorization: basic(login, password) });
      assert.equal(answer.status, status, login);
    }
  });

  test('a key that a supervisor has made ends with the right of the supervisor, as do those made with it', async () => {
    const boss = ['boss2', '--entitlements', 'supervisor_access'] as const;
    await added('boss2', 'b', ...boss.slice(1));
    const fred = await added('fred', 'f');
    const keyOf = async (
      init: { authorization: string | null },
      path = '/users/fred/apikeys',
    ): Promise<readonly [string, string]> => {
      const body = { headers: { 'content-type': 'application/json' }, body: '{"apiKeyPair":{}}' };
      const made = await forge.call('POST', path, { ...init, ...body });
      assert.equal(made.status, 201, made.text);
      return [element(made.text, 'publicKey') ?? '', element(made.text, 'secretKey') ?? ''];
    };
    const signed = ([publicKey, secretKey]: readonly [string, string], path: string): string => {
      const uri = `${path}?apiKey=${publicKey}`;
      return `${uri}&signature=${encodeURIComponent(signUri(uri.slice(1), secretKey, 'raw'))}`;
    };
    const ask = async (key: readonly [string, string]): Promise<number> => {
      const path = signed(key, '/users/fred/images/status');
      return (await forge.call('GET', path, { authorization: null })).status;
    };
    const own = await keyOf({ authorization: fred });
    const theirs = await keyOf({ authorization: basic('boss2\\fred', 'b') });
    const madeWithIt = await keyOf({ authorization: null }, signed(theirs, '/users/fred/apikeys'));
    for (const key of [own, theirs, madeWithIt, theirs]) assert.equal(await ask(key), 200);
    assert.equal((await userCommand(['set', 'boss2', '--entitlements', 'image_generate'])).code, 0);
    assert.deepEqual([await ask(own), await ask(theirs), await ask(madeWithIt)], [200, 401, 401]);
    assert.equal((await userCommand(['set', ...boss])).code, 0);
    assert.equal(await ask(theirs), 200, 'who is a supervisor again');
    assert.equal((await userCommand(['remove', 'boss2'])).code, 0);
    assert.deepEqual([await ask(own), await ask(theirs), await ask(madeWithIt)], [200, 401, 401]);
  });

  test('a new password holds at once and the old one no longer', async () => {
    const old = await added('emil', 'old');
    const ask = async (authorization: string, status: number): Promise<void> => {
      for (const path of ['/users/emil', '/users/emil/images/status', '/users/emil/images/status']) {
        assert.equal((await forge.call('GET', path, { authorization })).status, status, path);
      }
    };
    await ask(old, 200);
    await ask(basic('emil', 'new'), 401);
    assert.equal((await userCommand(['set', 'emil', '--password'], 'new')).code, 0);
    await ask(old, 401);
    await ask(basic('emil', 'new'), 200);
  });

  test('who is removed has gone with all that was theirs', async () => {
    const fay = await added('fay', 'f');
    const asFay: TestForge = {
      ...forge,
      user: 'fay',
      call: (method, path, init) => forge.call(method, path, { authorization: fay, ...init }),
    };
    const { appliance } = await importArchive(asFay, await archive(template('gone')));
    const aid = appliance?.split('/').at(-1) ?? '';
    const kept = await userCommand(['remove', 'fay']);
    assert.equal(kept.code, 1);
    assert.match(kept.text, /appliances \(1\).*--force/);
    assert.equal((await userCommand(['remove', 'fay', '--force'])).code, 0);
    errorOf(
      await forge.call('GET', '/users/fay', { authorization: fay }),
      401,
      'ERROR.AUTHENTICATION.INVALID',
    );
    assert.ok(!(await readdir(join(folder.path, 'appliances'))).includes(aid));
    const again = await added('fay', 'f');
    assert.equal(
      (await forge.call('GET', `/users/fay/appliances/${aid}`, { authorization: again })).status,
      404,
    );
  });
});

/** `forge user …` at a terminal (of util-linux), where a person answers what is asked. */
async function atTerminal(command: string, ...answers: readonly string[]): Promise<Ended> {
  const env = { ...process.env };
  delete env['FORGE_PASSWORD'];
  const line = `'${process.execPath}' '${mainScript}' user ${command} --data '${folder.path}'`;
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], { env });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    // What is typed is not shown, so that a question is the last there is.
    if (!/(Password for \w+|Again): $/.test(text)) return;
    child.stdin.write(answers[asked++] ?? '');
    // It waits for the end of its own input when what it runs is killed.
    if (asked === answers.length) child.stdin.end();
  });
  let asked = 0;
  const [code] = (await once(child, 'close')) as [number];
  return { code, text };
}

suite('forge user', () => {
  test('asks for a password twice, and shows neither', async () => {
    const { code, text } = await atTerminal('add kim', 'typed-7\r', 'typed-7\r');
    assert.equal(code, 0, text);
    assert.equal(text, 'Password for kim: \r\nAgain: \r\nAdded kim.\r\n');
    assert.equal(
      (await forge.call('GET', '/users/kim', { authorization: basic('kim', 'typed-7') })).status,
      200,
    );
  });

  test('leaves nothing behind when the password is not given', async () => {
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [['one\r', 'other\r'], 1, /The two passwords differ\.\r\n$/],
      [['\r'], 1, /must not be empty\.\r\n$/],
      [['\u0004'], 1, /: \r\nNo password was given\.\r\n$/],
      [['one\r', '\u0003'], 130, /Again: \r\n$/],
    ];
    for (const [answers, code, said] of cases) {
      const ended = await atTerminal('add lea', ...answers);
      assert.equal(ended.code, code, ended.text);
      assert.match(ended.text, said);
    }
    assert.doesNotMatch((await userCommand(['list'])).text, /^lea\t/m);
  });

  test('lists who there is, without a word of their passwords, and keeps none as it is', async () => {
    await added('gil', 'open-sesame-7');
    const { code, text } = await userCommand(['list']);
    assert.equal(code, 0);
    assert.match(text, /^gil\tappliances: 0\timages: 0\tpassword\t/m);
    assert.match(text, /^forge\t/m);
    for (const name of ['forge.db', 'forge.db-wal']) {
      assert.ok(!(await readFile(join(folder.path, name), 'latin1')).includes('open-sesame-7'), name);
    }
  });

  test('says what is wrong', async () => {
    const cases: readonly (readonly [readonly string[], string | undefined, number, RegExp])[] = [
      [['add', 'forge'], 'x', 1, /already.*forge user set/s],
      [['add', 'new'], undefined, 1, /FORGE_PASSWORD/],
      [['add', 'new'], '', 1, /must not be empty/],
      [['add', 'a:b'], 'x', 2, /colon/],
      [['add', 'a\\b'], 'x', 2, /backslash/],
      [['add', 'new', '--entitlements', 'everything'], 'x', 2, /no entitlement everything/],
      [['add', 'new', '--password=secret'], 'x', 2, /password/],
      [['add'], 'x', 2, /Usage: forge user/],
      [['bake', 'cake'], 'x', 2, /Usage: forge user/],
      [['set', 'forge'], 'x', 2, /what to change/],
      [['remove', 'nobody'], 'x', 1, /no user nobody/],
    ];
    for (const [args, password, code, said] of cases) {
      const ended = await userCommand(args, password);
      assert.equal(ended.code, code, `${args.join(' ')}: ${ended.text}`);
      assert.match(ended.text, said);
    }
  });
});
