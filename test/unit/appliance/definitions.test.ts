import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  definitionKind,
  definitionKindByExtension,
  nearestTemplate,
} from '../../../src/appliance/find/definitions.ts';
import {
  BuilderChoiceError,
  knownTargetFormat,
  requestFromTemplate,
  withBuilder,
  targetFormatsOf,
} from '../../../src/appliance/request/fromTemplate.ts';
import { resolveAppliance } from '../../../src/appliance/find/resolveAppliance.ts';
import { closest } from '../../../src/appliance/text/suggest.ts';
import type { Template } from '../../../src/appliance/template/model/template.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';

/** A disk that has these files. */
const having = (...files: readonly string[]) => ({
  exists: (path: string) => Promise.resolve(files.includes(path)),
});

suite('definitions', () => {
  test('are told by their names, or by the extension when somebody names a file', () => {
    const names = [
      '/a/representation.xml',
      'C:\\a\\template.yaml',
      'template.json',
      'pom.xml',
      'mytemplate.yml',
    ];
    assert.deepEqual(names.map(definitionKind), [
      'representation',
      'template',
      'template',
      undefined,
      undefined,
    ]);
    assert.deepEqual(['a.XML', 'a.yml', 'a.txt'].map(definitionKindByExtension), [
      'representation',
      'template',
      undefined,
    ]);
  });

  test('have their template beside them or above, the nearest first, no farther than the workspace', async () => {
    const disk = having('/ws/template.json', '/ws/a/template.yml', '/template.yml');
    assert.equal(await nearestTemplate('/ws/a/b/representation.xml', disk), '/ws/a/template.yml');
    assert.equal(await nearestTemplate('/ws/c/representation.xml', disk), '/ws/template.json');
    assert.equal(await nearestTemplate('/elsewhere/representation.xml', disk), '/template.yml');
    assert.equal(
      await nearestTemplate('/elsewhere/representation.xml', { ...disk, stopAt: '/elsewhere' }),
      undefined,
    );
  });

  test('mean the appliance they name, else the one of the template, else one has to ask', async () => {
    const disk = having('/ws/template.yml');
    const file = '/ws/representation.xml';
    for (const parentUri of [
      'users/ann/appliances/7',
      '/users/ann/appliances/7',
      'https://u/api/users/ann/appliances/7',
    ]) {
      const choice = await resolveAppliance(file, { parentUri }, disk);
      assert.deepEqual(choice, { kind: 'uri', applianceUri: 'users/ann/appliances/7' });
    }
    assert.deepEqual(await resolveAppliance(file, {}, disk), {
      kind: 'template',
      templateFile: '/ws/template.yml',
    });
    assert.equal(
      await resolveAppliance('/other/representation.xml', { parentUri: 'users/ann' }, disk),
      undefined,
    );
  });
});

function template(builders: string): Template {
  const stack =
    "stack: { name: a, version: '1', os: { name: D, version: '12', arch: amd64 }, installation: { diskSize: 9000, swapSize: 100 } }";
  const { template: read, problems } = parseTemplate(`${stack}\nbuilders: ${builders}`, 'yaml');
  assert.ok(read, JSON.stringify(problems));
  return read;
}

suite('a request made of a builder', () => {
  test('has its sizes, and the installation’s where it has none', () => {
    const made = requestFromTemplate(
      template(
        '[{ type: VirtualBox, hardwareSettings: { memory: 512, hwType: 7 }, installation: { diskSize: 5000 } }]',
      ),
    );
    assert.deepEqual(made, {
      compress: true,
      targetFormat: { name: 'VirtualBox' },
      installProfile: { memorySize: 512, hwType: '7', diskSize: 5000, swapSize: 100 },
    });
  });

  test('is not compressed for a cloud, as hammr does it, and carries what the target needs', () => {
    const aws = requestFromTemplate(
      template('[{ type: Amazon AWS, disableRootLogin: "true", installation: { diskSize: 20 } }]'),
    );
    assert.deepEqual(
      [aws.compress, aws.ebs, aws.ebsVolumeSize, aws.installProfile?.rootUser],
      [false, true, 20, { disablePasswordLogin: true }],
    );
    const docker = requestFromTemplate(template('[{ type: Docker, entrypoint: [nginx, -g] }]'));
    assert.equal(docker.entrypoint, '["nginx","-g"]');
  });

  test('says who Vagrant logs in as, and the key that is given', () => {
    const profileOf = (rest: string): unknown =>
      requestFromTemplate(template(`[{ type: Vagrant Base Box${rest} }]`)).installProfile;
    const sizes = { diskSize: 9000, swapSize: 100 };
    assert.deepEqual(profileOf(', publicBaseBox: true, osUser: ann'), { ...sizes, vagrantUser: 'vagrant' });
    assert.deepEqual(profileOf(', osUser: ann, sshKey: { publicKey: A }'), {
      ...sizes,
      vagrantUser: 'ann',
      users: [{ name: 'ann', sudo: 2, sshKeys: [{ publicKey: 'A' }] }],
    });
  });

  test('gives a request for its format what that does not say', () => {
    const builders = template('[{ type: VMware Server, hardwareSettings: { memory: 512, hwType: 7 } }]');
    const asked = { targetFormat: { name: 'VMware Server' }, installProfile: { memorySize: 2048 } };
    assert.deepEqual(withBuilder(asked, builders).installProfile, {
      ...{ memorySize: 2048, hwType: '7', diskSize: 9000, swapSize: 100 },
    });
    const other = { ...asked, targetFormat: { name: 'QCOW2' } };
    assert.equal(withBuilder(other, builders), other);
  });

  test('needs to be told which one when there are several or none', () => {
    const several = template('[{ type: VirtualBox }, { type: QCOW2 }, { type: QCOW2 }]');
    assert.deepEqual(targetFormatsOf(several), ['VirtualBox', 'QCOW2']);
    assert.throws(
      () => requestFromTemplate(several),
      /several builders\. Say which one: VirtualBox, QCOW2\./,
    );
    assert.throws(() => requestFromTemplate(template('[]')), BuilderChoiceError);
    assert.equal(requestFromTemplate(several, 'qcow2').targetFormat?.name, 'QCOW2');
    assert.equal(requestFromTemplate(several, 'Docker').targetFormat?.name, 'Docker');
  });

  test('is for a target format the server has, spelt its way', () => {
    const known = ['VirtualBox', 'QCOW2', 'Raw Virtual Disk'];
    assert.equal(knownTargetFormat('virtualbox', known), 'VirtualBox');
    assert.throws(
      () => knownTargetFormat('VirtualBx', known),
      /Did you mean “VirtualBox”\? It has: VirtualBox, QCOW2, Raw/,
    );
    assert.throws(() => knownTargetFormat('x', []), /It has: none/);
  });
});

suite('a suggestion', () => {
  test('is what was most likely meant, or nothing', () => {
    const words = ['compress', 'installProfile', 'targetFormat'];
    assert.equal(closest('compressed', words), 'compress');
    assert.equal(closest('target_format', words), 'targetFormat');
    assert.equal(closest('xyz', words), undefined);
    assert.equal(closest('', words), undefined);
  });
});
