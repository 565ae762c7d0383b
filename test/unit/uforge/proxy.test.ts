import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { proxyFor } from '../../../src/uforge/proxy.ts';

const server = new URL('https://forge.example.com/api');
const env = { HTTPS_PROXY: 'http://env:3128', http_proxy: 'plain:8080' };

function hostFor(target: string | URL, settings: Parameters<typeof proxyFor>[1]): string | undefined {
  return proxyFor(new URL(target), settings)?.host;
}

suite('the proxy for a URL', () => {
  test('the one chosen by hand comes before the environment, and is used for this computer too', () => {
    assert.equal(hostFor(server, { proxy: 'http://hand:1', env }), 'hand:1');
    assert.equal(hostFor('http://127.0.0.1:5/', { proxy: 'hand:1', env }), 'hand:1');
  });

  test("the environment's, by scheme and in either case, but not for this computer", () => {
    assert.equal(hostFor(server, { env }), 'env:3128');
    assert.equal(hostFor('http://forge/', { env }), 'plain:8080');
    assert.equal(hostFor('http://forge/', { env: { all_proxy: 'socks5://all:1080' } }), 'all:1080');
    for (const own of ['localhost', '127.0.0.1', '[::1]', 'a.localhost']) {
      assert.equal(hostFor(`https://${own}/`, { env }), undefined);
    }
    assert.equal(hostFor(server, {}), undefined);
  });

  for (const [noProxy, direct] of [
    ['*', true],
    ['example.com', true],
    ['.example.com', true],
    ['*.example.com', true],
    ['a, FORGE.example.com:443', true],
    ['forge.example.com:8443', false],
    ['ample.com', false],
    ['example.com.org', false],
    ['', false],
  ] as const) {
    test(`NO_PROXY=${noProxy} ${direct ? 'goes direct' : 'does not'}`, () => {
      assert.equal(hostFor(server, { env: { ...env, NO_PROXY: noProxy } }), direct ? undefined : 'env:3128');
      assert.equal(hostFor(server, { proxy: 'http://hand:1', noProxy }), direct ? undefined : 'hand:1');
    });
  }

  test('ranges of addresses', () => {
    const settings = { env, noProxy: '10.0.0.0/8,fd00::/8' };
    assert.equal(hostFor('https://10.1.2.3/', settings), undefined);
    assert.equal(hostFor('https://[fd00::1]/', settings), undefined);
    assert.equal(hostFor('https://11.1.2.3/', settings), 'env:3128');
    assert.equal(hostFor('https://10.1.2.3/', { env, noProxy: '10.0.0.0/99,x/8' }), 'env:3128');
  });

  test('what is no proxy is refused without repeating it: it may hold a password', () => {
    assert.throws(
      () => proxyFor(server, { proxy: 'http://me:secret@' }),
      (error) => error instanceof Error && !error.message.includes('secret'),
    );
    assert.throws(() => proxyFor(server, { proxy: 'ftp://proxy' }), /can't have the scheme ftp/);
  });
});
