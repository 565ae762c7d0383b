import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  accountCertificates,
  accountFields,
  kindOfType,
  kindsFor,
  publicationFields,
  publishKinds,
  textsOf,
} from '../../../src/appliance/catalog/publishKinds.ts';
import { targetFormats } from '../../../src/appliance/catalog/targetFormats.ts';
import { accountRequest } from '../../../src/generate/cloudAccount.ts';
import { deployRequest, machineFields } from '../../../src/generate/deployRequest.ts';
import { offersFor } from '../../../src/generate/platformOffers.ts';
import {
  builderIn,
  isBuiltForDownload,
  missingValues,
  publishRequest,
  usualValues,
  valuesOfBuilder,
} from '../../../src/generate/publishRequest.ts';
import { decodeAs, encodeXml } from '../../../src/uforge/codec/codec.ts';
import { ticket } from '../tickets/support.ts';

const kind = (type: string) => {
  const found = kindOfType(type);
  assert.ok(found, type);
  return found;
};

/** With the keys of hammr's documentation. */
const template = `stack: { name: shop, version: "1.0", os: { name: Debian, version: "12", arch: x86_64, profile: Minimal } }
builders:
  - type: Google Compute Engine
    account: { name: gce }
    computeZone: europe-west1-b
    bucketLocation: EU
    bucket: images
    projectId: shop-1
    storageClass: STANDARD
    diskNamePrefix: shop
  - type: CloudStack KVM (QCOW2)
    imageName: shop
    zone: ams1
    featured: true
`;

suite('the kinds of publications', () => {
  test('have a row for each the schema knows, with fields and what an account needs', () => {
    assert.equal(publishKinds.length, 14);
    for (const each of publishKinds) {
      assert.ok(
        publicationFields(each).some(({ required }) => required),
        each.publishType,
      );
      const needs = [...accountFields(each), ...accountCertificates(each)];
      assert.ok(
        needs.some(({ required }) => required),
        each.accountType,
      );
    }
  });

  test('fit the target formats that are published, and no other', () => {
    for (const { name, publishType } of targetFormats) {
      const types = kindsFor(name).map((each) => each.publishType);
      assert.deepEqual(types, publishType === undefined ? [] : [publishType], name);
    }
    assert.deepEqual(
      kindsFor('Our Cloud', 'openstackqcow2').map(({ platform }) => platform),
      ['OpenStack'],
    );
    assert.equal(kindsFor('Our Cloud').length, publishKinds.length);
  });

  test('ask for every secret once, and show none', () => {
    for (const each of publishKinds) {
      const secrets = accountFields(each).filter(({ secret }) => secret);
      assert.ok(secrets.length <= 1, each.accountType);
      const [secret] = secrets;
      if (secret === undefined) continue;
      const account = accountRequest(each, 'mine', { [secret.name]: 'hush' });
      assert.match(encodeXml('credAccount', account), />hush</);
      assert.deepEqual(textsOf(account, accountFields(each)), {});
    }
  });
});

suite('the request for a publication', () => {
  test('takes what a builder says in hammr’s names', () => {
    const builder = builderIn('/w/template.yml', template, 'Google Compute Engine');
    assert.ok(builder);
    const values = valuesOfBuilder(kind('PublishImageGoogle'), builder);
    assert.deepEqual(missingValues(kind('PublishImageGoogle'), values), []);
    assert.equal(values['zoneName'], 'europe-west1-b');
    const other = builderIn('/w/template.yml', template, 'CloudStack KVM (QCOW2)');
    assert.ok(other);
    assert.deepEqual(valuesOfBuilder(kind('PublishImageCloudStack'), other), {
      displayName: 'shop',
      zoneName: 'ams1',
      featuredEnabled: 'true',
    });
    assert.equal(builderIn('/w/template.yml', 'stack: [', 'KVM'), undefined);
  });

  test('names the account and says nothing of its secrets', () => {
    const openstack = kind('PublishImageOpenStack');
    const account = {
      $type: 'CredAccountOpenStack',
      name: 'os',
      dbId: 3,
      uri: 'users/a/accounts/3',
      login: 'me',
    } as const;
    const values = { displayName: 'shop', publicImage: 'true', tenantName: '' };
    const request = publishRequest(openstack, account, values);
    assert.deepEqual(request, {
      $type: 'PublishImageOpenStack',
      displayName: 'shop',
      publicImage: true,
      credAccount: { $type: 'CredAccountOpenStack', name: 'os', dbId: 3, uri: 'users/a/accounts/3' },
    });
    const text = encodeXml('publishImage', request);
    assert.deepEqual(decodeAs('publishImage', text, 'application/xml').$type, 'PublishImageOpenStack');
  });

  test('proposes names that a registry and a cloud take', () => {
    const image = ticket({ applianceName: 'My Shop!', applianceVersion: '1.0 beta' });
    const docker = usualValues(kind('PublishImageDocker'), image);
    assert.deepEqual(docker, { namespace: '', repositoryName: 'my-shop', tagName: '1.0-beta' });
    assert.equal(usualValues(kind('PublishImageGoogle'), image)['diskNamePrefix'], 'my-shop--1-0-beta');
  });

  test('knows which images were built for download', () => {
    assert.equal(isBuiltForDownload('OpenStack QCOW2', { compress: true }), true);
    assert.equal(isBuiltForDownload('OpenStack QCOW2', { compress: false }), false);
    assert.equal(isBuiltForDownload('Docker', { compress: true }), false);
  });
});

suite('what a platform offers', () => {
  test('is found in the flat list and in the tree of OpenStack', () => {
    const network = { id: 'n1', name: 'public' };
    const answer = {
      resources: [{ type: 'region', key: 'eu-west-1', value: 'Ireland' }],
      cloudResources: {
        $type: 'OpenstackResources',
        name: 'os',
        tenants: [
          { name: 'demo', regionsEntities: [{ regionName: 'R1', networks: [network], flavors: [] }] },
        ],
      },
    } as const;
    assert.deepEqual(offersFor(answer, 'region'), [
      { value: 'eu-west-1', label: 'Ireland' },
      { value: 'R1', label: 'R1' },
    ]);
    assert.deepEqual(offersFor(answer, 'networkId'), [{ value: 'n1', label: 'public' }]);
    assert.deepEqual(offersFor(answer, 'tenantName'), [{ value: 'demo', label: 'demo' }]);
    assert.deepEqual(offersFor({}, 'flavorId'), []);
  });

  test('becomes a machine’s description, numbers as numbers', () => {
    const request = deployRequest('PublishImageAws', { name: 'web', cores: '2', instanceType: 't3.micro' });
    assert.deepEqual(request, {
      name: 'web',
      instances: [{ $type: 'InstanceAmazon', cores: 2, instanceType: 't3.micro' }],
    });
    assert.match(encodeXml('deployment', request), /InstanceAmazon/);
    assert.ok(
      machineFields('PublishImageAzure').some(({ name, secret }) => name === 'userPassword' && secret),
    );
  });
});
