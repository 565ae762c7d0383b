import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { debianReleases } from '../../../src/appliance/catalog/debianReleases.ts';
import { planNetwork } from '../../../src/builder/plan/network.ts';
import { networkFile } from '../../../src/builder/root/network.ts';

suite('bonds, VLANs and routes', () => {
  const { nics, links, devices } = planNetwork({
    internetSettings: 'configure',
    nics: [
      { name: 'one', routes: [{ to: '198.51.100.0/24', via: '192.0.2.254', metric: 5 }, { to: 'fd00::/8' }] },
      { name: 'two' },
    ],
    bonds: [{ name: 'bond0', nics: ['two'], mode: '802.3ad', ipv4: 'disabled' }],
    vlans: [
      { id: 7, on: 'bond0' },
      { id: 8, on: 'one', name: 'guests' },
    ],
  });
  const [one = '', two = '', bond = '', vlan = ''] = [...nics, ...links].map((each) =>
    networkFile(each, { codename: 'bookworm' }),
  );

  test('are devices of their own, on the cards', () => {
    assert.deepEqual(
      devices.map(({ device, kind, section }) => [device, kind, section.split('\n')[1]]),
      [
        ['bond0', 'bond', 'Mode=802.3ad'],
        ['bond0.7', 'vlan', 'Id=7'],
        ['guests', 'vlan', 'Id=8'],
      ],
    );
    assert.match(two, /Name=eth1\n\n\[Network\]\nBond=bond0\nLinkLocalAddressing=no\n$/);
    assert.match(bond, /Name=bond0\n[^]*DHCP=ipv6\n[^]*VLAN=bond0\.7\n/);
    assert.match(vlan, /Name=bond0\.7\n/);
    assert.match(one, /VLAN=guests\n/);
  });

  test('a route leads to a router, or to what is on the card itself', () => {
    assert.match(one, /\[Route\]\nDestination=198\.51\.100\.0\/24\nGateway=192\.0\.2\.254\nMetric=5\n/);
    assert.match(one, /\[Route\]\nDestination=fd00::\/8\nScope=link\n/);
  });
});

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
