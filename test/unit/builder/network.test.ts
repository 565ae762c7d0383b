import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { debianReleases } from '../../../src/appliance/catalog/debianReleases.ts';
import { planNetwork } from '../../../src/builder/plan/network.ts';
import { networkFile } from '../../../src/builder/root/network.ts';

suite('network cards', () => {
  const { mode, nics } = planNetwork({
    internetSettings: 'configure',
    nics: [
      {
        ...{ name: 'fixed', order: 2, ipv4: 'static', ipv6: 'disabled' },
        ipAddresses: [{ address: '192.0.2.7', netmask: '255.255.255.128', gateway: '192.0.2.1' }],
      },
      { name: 'first', order: 1 },
      { name: 'spare', order: 3, autoConnect: false },
    ],
  });

  test('are eth0, eth1 … by their order', () => {
    assert.equal(mode, 'configure');
    assert.deepEqual(
      nics.map(({ device, title }) => [device, title]),
      [
        ['eth0', 'first'],
        ['eth1', 'fixed'],
        ['eth2', 'spare'],
      ],
    );
  });

  for (const release of debianReleases) {
    const files = nics.map((nic) => networkFile(nic, release));
    test(`on Debian ${release.version} get an address by DHCP, their own, or none`, () => {
      const [dhcp = '', fixed = '', spare = ''] = files;
      assert.match(dhcp, /\[Match\]\nName=eth0\n[^]*DHCP=yes\n/);
      assert.match(
        fixed,
        /DHCP=no\nLinkLocalAddressing=no\n[^]*Address=192\.0\.2\.7\/25\nGateway=192\.0\.2\.1\n/,
      );
      // systemd 247 of Debian 11 knows no ActivationPolicy.
      const notConnected = release.codename === 'bullseye' ? 'Unmanaged=yes' : 'ActivationPolicy=manual';
      assert.ok(spare.includes(`${notConnected}\nRequiredForOnline=no\n`), spare);
    });
  }
});
