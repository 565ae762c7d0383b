import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc, { type Arbitrary } from 'fast-check';
import {
  parseKernelParameters,
  printKernelParameters,
} from '../../../src/appliance/catalog/kernelParameters.ts';
import type { Installation } from '../../../src/appliance/template/model/template.ts';
import { installProfileOf, readInstallProfile } from '../../../src/forge/appliances/parts/installProfile.ts';
import type { Problems } from '../../../src/forge/appliances/parts/dtoFields.ts';
import { installUrisOf } from '../../../src/forge/api/answers/installUris.ts';
import { decodeAs, encode, type MediaType } from '../../../src/uforge/codec/codec.ts';
import type { InstallProfile } from '../../../src/uforge/dto.ts';

const applianceUri = 'users/forge/appliances/7';
const uris = installUrisOf(applianceUri, 7);

/** An object with some of these members, and in any case the required ones. */
function some<T extends object, R extends keyof T = never>(
  model: { readonly [K in keyof T]: Arbitrary<T[K]> },
  requiredKeys: R[] = [],
): Arbitrary<Partial<T> & Pick<T, R>> {
  return fc.record<T, R>({ ...model }, { requiredKeys, noNullPrototype: true }) as Arbitrary<
    Partial<T> & Pick<T, R>
  >;
}

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const text = fc.stringMatching(/^[!-~][ -~]{0,12}$/).filter((each) => each === each.trim());
const path = word.map((name) => `/${name}`);
const megabytes = fc.integer({ min: 64, max: 1_000_000 });
const fstype = fc.constantFrom('ext4', 'xfs', 'linux-swap', 'lvm2', 'ntfs', 'unformatted');

const area = { fstype, size: megabytes, mountPoint: path, grow: fc.boolean(), label: word };

function numbered<T extends object>(items: Arbitrary<T>, from: number, maxLength: number) {
  return fc
    .array(items, { minLength: 1, maxLength })
    .map((list) => list.map((item, index) => ({ number: from + index, ...item })));
}

const partitions = fc
  .tuple(numbered(some(area, ['size']), 1, 3), fc.option(numbered(some(area, ['size']), 5, 3)))
  .map(([primary, logical]) =>
    logical === null
      ? primary
      : [...primary, { number: 4, fstype: 'Extended', size: 4096, partitions: logical }],
  );

const partitioning = fc
  .record({
    sizes: fc.array(megabytes, { minLength: 1, maxLength: 3 }),
    type: fc.constantFrom('msdos' as const, 'LVM' as const),
    partitions,
    groups: fc.uniqueArray(word, { minLength: 1, maxLength: 2 }),
    volumes: fc.uniqueArray(word, { maxLength: 3 }),
    area: some(area, ['size']),
  })
  .map(({ sizes, type, groups, volumes, ...rest }) => {
    const disks = sizes.map((size, index) => ({
      name: `sd${'abc'.charAt(index)}`,
      type,
      size,
      ...(index === 0 && { partitions: rest.partitions }),
    }));
    const physicalVolumes = [...disks.slice(1).map(({ name }) => ({ name })), { name: 'sda1' }];
    return {
      disks,
      volumeGroups: groups.map((name) => ({ name, physicalVolumes })),
      ...(volumes.length > 0 && {
        logicalVolumes: volumes.map((name) => ({ ...rest.area, name, vg_name: groups[0] ?? '' })),
      }),
    };
  });

function named<T extends object>(items: Arbitrary<T>) {
  return fc
    .tuple(fc.uniqueArray(word, { minLength: 1, maxLength: 3 }), items)
    .map(([names, item]) => names.map((name) => ({ ...item, name })));
}

const sshKeys = fc.array(some({ name: word, publicKey: text }, ['publicKey']), {
  minLength: 1,
  maxLength: 2,
});

const nics = named(
  some({
    type: fc.constant('ETHERNET'),
    autoConnect: fc.constant(false),
    ipv4: fc.constantFrom('dhcp' as const, 'static' as const, 'disabled' as const),
    ipv6: fc.constantFrom('dhcp', 'static', 'disabled'),
    ipAddresses: fc.array(
      some(
        { version: fc.constantFrom('4', '6'), address: fc.ipV4(), netmask: fc.ipV4(), gateway: fc.ipV4() },
        ['version', 'address'],
      ),
      { minLength: 1, maxLength: 2 },
    ),
  }),
).map((cards) => cards.map((card, index) => ({ ...card, order: 10 - index })));

/** What a template and an install profile can both say, in the spelling the profile would give it. */
const sayable: Arbitrary<Installation> = some({
  diskSize: megabytes,
  swapSize: megabytes,
  internetSettings: fc.constant('configure' as const),
  kernelParams: fc.array(
    fc.stringMatching(/^[a-z][a-z0-9._]{0,6}(=[a-zA-Z0-9,:/]{1,8})?$/).filter((each) => !each.endsWith(',')),
    { minLength: 1, maxLength: 4 },
  ),
  keyboard: fc.constantFrom('us', 'fr-ch', 'bg-bds-utf8'),
  timezone: fc.constantFrom('Etc/UTC', 'Europe/Zurich'),
  partitioning,
  nics,
  rootUser: some({ setPassword: fc.constant(true), disablePasswordLogin: fc.boolean(), sshKeys }, [
    'setPassword',
  ]),
  users: named(
    some({
      fullName: text,
      primaryGroup: word,
      secondaryGroups: word,
      homeDir: path,
      shell: path,
      userId: fc.integer({ min: 1001, max: 60_000 }),
      systemUser: fc.boolean(),
      disablePasswordLogin: fc.boolean(),
      sshKeys,
    }),
  ),
  groups: named(some({ groupId: fc.integer({ min: 1001, max: 60_000 }), systemGroup: fc.boolean() })),
  firewall: fc.boolean(),
  welcomeMessage: text,
  seLinuxMode: fc.constantFrom('disabled' as const, 'permissive' as const),
  displayLicenses: fc.constant(true),
}).map(({ internetSettings, ...rest }) =>
  rest.nics === undefined ? rest : { ...rest, internetSettings: internetSettings ?? 'configure' },
);

/** The profile as it comes back from the wire. */
function view(installation: Installation, mediaType: MediaType): InstallProfile {
  const shown = installProfileOf(installation, uris, applianceUri);
  return decodeAs('installProfile', encode('installProfile', shown, mediaType), mediaType);
}

function read(profile: InstallProfile, kept?: Installation): Installation | undefined {
  const problems: Problems = [];
  const installation = readInstallProfile(profile, kept, problems);
  assert.deepEqual(problems, []);
  return installation;
}

suite('An install profile', () => {
  test('says all of a template that both can say, in XML and in JSON', () => {
    fc.assert(
      fc.property(
        sayable,
        fc.constantFrom<MediaType>('application/xml', 'application/json'),
        (installation, type) => {
          assert.deepEqual(read(view(installation, type)) ?? {}, installation);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('that is sent back as it was read changes nothing, whatever a template has beside it', () => {
    const more: Arbitrary<Installation> = sayable.map((installation) => ({
      ...installation,
      rootUser: { ...installation.rootUser, setPassword: true, password: 'secret' },
      users: [{ name: 'zoe', password: 'secret', encrypted: true }, ...(installation.users ?? [])],
      internetSettings: 'dhcp',
      keyboard: 'of-my-own',
      displayLicense: false,
      somethingElse: { kept: true },
    }));
    fc.assert(
      fc.property(more, (installation) => {
        assert.deepEqual(read(view(installation, 'application/xml'), installation), installation);
      }),
      { numRuns: 200 },
    );
  });

  test('keeps the spelling of a template where it says the same', () => {
    const installation: Installation = {
      keyboard: 'slovene',
      partitioning: {
        disks: [
          { name: 'sda', type: 'msdos', size: 9000, partitions: [{ number: 1, fstype: 'EXT4', size: 4096 }] },
        ],
      },
      nics: [{ ipv4: 'dhcp' }, { name: 'second', autoConnect: true }],
    };
    const profile = view(installation, 'application/json');
    assert.equal(profile.keyboard, 'sloven');
    assert.equal(profile.partitionTable?.disks?.[0]?.partitions?.[0]?.fstype, 'ext4');
    assert.deepEqual(
      profile.nics?.map(({ order }) => order),
      [1, 2],
    );
    assert.deepEqual(read(profile, installation), installation);
  });

  test('never gives a password away, and a new one is what it says', () => {
    const installation: Installation = {
      rootUser: { password: 'secret', encrypted: true },
      users: [{ name: 'zoe', password: 'secret' }],
    };
    assert.doesNotMatch(
      encode('installProfile', view(installation, 'application/xml'), 'application/xml'),
      /secret/,
    );
    const asked: InstallProfile = {
      rootUser: { password: 'new' },
      users: [{ name: 'zoe', password: 'other' }],
    };
    assert.deepEqual(read(asked, installation), {
      rootUser: { password: 'new' },
      users: [{ name: 'zoe', password: 'other' }],
    });
  });

  test('leaves what it does not mention, and takes away what it leaves empty', () => {
    const installation: Installation = {
      timezone: 'Etc/UTC',
      welcomeMessage: 'Hello',
      firewall: true,
      diskSize: 4096,
    };
    assert.deepEqual(read({ welcomeMsg: '' }, installation), {
      timezone: 'Etc/UTC',
      firewall: true,
      diskSize: 4096,
    });
    assert.deepEqual(read({ timezoneAuto: false, firewallAuto: false }, installation), {
      welcomeMessage: 'Hello',
      diskSize: 4096,
    });
  });

  test('is the documented one', () => {
    const profile: InstallProfile = {
      firewallAuto: true,
      firewallEnabled: false,
      internetSettingsAuto: true,
      keyboard: 'ar-azerty',
      keyboardAuto: false,
      partitionAuto: true,
      rootUser: {
        disablePasswordLogin: false,
        encrypted: false,
        fullName: 'root',
        name: 'root',
        password: 'example',
        passwordAuto: true,
      },
      timezone: 'Europe/London',
      timezoneAuto: true,
    };
    assert.deepEqual(read(profile), {
      firewall: false,
      timezone: 'Europe/London',
      rootUser: { setPassword: true, password: 'example', disablePasswordLogin: false },
    });
  });

  test('is refused where a template can’t say what it asks for, each by its name', () => {
    const problems: Problems = [];
    const profile: InstallProfile = {
      activationKey: 'XYZ',
      memorySize: 512,
      runSysprep: true,
      partitionAuto: false,
      keyboard: 'klingon',
      users: [{ name: 'zoe', sudo: 2 }, {}],
      groups: [{ name: 'dev', sudo: 1, password: 'x' }],
      nics: [{ order: 1, ipv4Method: 'SOMEHOW' }],
      diskSize: 8n * 2n ** 30n,
      partitionTable: {
        btrfsStoragePools: [{ label: 'pool' }],
        disks: [
          { name: 'sdz', size: 1 },
          {
            name: 'sda',
            blockSize: 4096,
            partitions: [{ size: 100, mbrBoot: true, fstype: 'zfs' }, { mpoint: '/x' }],
          },
        ],
        logicalGroups: [
          { groupName: 'vg', partitionUris: ['users/forge/appliances/7/installProfile/7/pt/7/disks/9'] },
        ],
        logicalVolumes: [{ name: 'lv', groupUri: 'nowhere', volumes: [{ size: 64 }, { size: 64 }] }],
      },
    };
    readInstallProfile(profile, undefined, problems);
    const all = problems.join('\n');
    for (const field of [
      ...['activationKey', 'memorySize', 'runSysprep', 'partitionAuto', 'keyboard', 'diskSize'],
      ...['users[0]/sudo', 'users[1]/name', 'groups[0]/sudo', 'groups[0]/password', 'nics[0]/ipv4Method'],
      ...['partitionTable/btrfsStoragePools', 'disks[0]/name', 'disks[1]/blockSize', 'partitions[0]/mbrBoot'],
      ...['partitions[0]/fstype', 'logicalGroups[0]/partitionUris', 'logicalVolumes[0]/volumes'],
      'logicalVolumes[0]/groupUri',
    ]) {
      assert.ok(all.includes(field), `${field} in:\n${all}`);
    }
  });

  test('gives a partition the next free number, and a disk the size of its partitions', () => {
    const table = {
      disks: [
        {
          name: 'sda',
          partitions: [
            { size: 256, name: 'boot' },
            { size: 512, name: 'sda1' },
          ],
        },
      ],
    };
    assert.deepEqual(read({ partitionTable: table })?.partitioning, {
      disks: [
        {
          name: 'sda',
          size: 768,
          partitions: [
            { number: 2, size: 256, name: 'boot' },
            { number: 1, size: 512 },
          ],
        },
      ],
    });
  });

  test('keeps the order of cards when their list is turned round', () => {
    const installation: Installation = { nics: [{ name: 'a' }, { name: 'b' }] };
    const [a, b] = view(installation, 'application/json').nics ?? [];
    assert.ok(a && b);
    assert.deepEqual(read({ nics: [b, a] }, installation)?.nics, [
      { name: 'b', order: 2 },
      { name: 'a', order: 1 },
    ]);
  });
});

suite('Kernel parameters', () => {
  test('are separated by commas or blanks, and keep the commas of their values', () => {
    assert.deepEqual(parseKernelParameters('quiet,console=ttyS0,115200 splash'), [
      'quiet',
      'console=ttyS0,115200',
      'splash',
    ]);
  });

  test('come back as they were', () => {
    const parameter = fc.stringMatching(/^[a-z0-9=,._:-]{1,12}$/).filter((each) => !/^,|,$|,,/.test(each));
    fc.assert(
      fc.property(fc.array(parameter, { maxLength: 5 }), (parameters) => {
        assert.deepEqual(parseKernelParameters(printKernelParameters(parameters)), parameters);
      }),
    );
  });
});
