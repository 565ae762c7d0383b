import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test } from 'node:test';
import { networkOf, Peers } from '../../../src/forge/api/http/peer.ts';
import { loopbackAt } from '../../../src/forge/process/listening.ts';

suite('who is at the other end', () => {
  test('is what the proxy has added, with a port or without, and nothing before it', async (t) => {
    const peers = new Peers({ ...loopbackAt(0), trustedProxies: ['127.0.0.1', '192.0.2.1'] });
    const server = createServer((request, response) => response.end(peers.addressOf(request)));
    t.after(() => server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    for (const [told, address] of [
      ['203.0.113.9, 198.51.100.7', '198.51.100.7'],
      ['203.0.113.9, 198.51.100.7, 192.0.2.1', '198.51.100.7'],
      ['203.0.113.9, 198.51.100.7:51234', '198.51.100.7'],
      ['203.0.113.9, [2001:db8::7]:51234', '2001:db8::7'],
      ['203.0.113.9, 2001:db8::7', '2001:db8::7'],
      ['203.0.113.9, unknown', '127.0.0.1'],
      ['', '127.0.0.1'],
    ] as const) {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-forwarded-for': told } });
      assert.equal(await answer.text(), address, told);
    }
  });

  test('counts as one with all of its network of IPv6', () => {
    assert.equal(networkOf('198.51.100.7'), '198.51.100.7');
    assert.equal(networkOf('2001:db8:0:1:a:b:c:d'), '2001:db8:0:1::/64');
    assert.equal(networkOf('2001:db8:0:1::9'), '2001:db8:0:1::/64');
    assert.equal(networkOf('2001:0db8::1:a:b:c:d'), '2001:db8:0:1::/64');
    assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64');
    assert.equal(networkOf('::1'), '0:0:0:0::/64');
  });
});
