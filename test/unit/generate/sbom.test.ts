import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as CDX from '@cyclonedx/cyclonedx-library';
import { listedPackages, packageText } from '../../../src/generate/packages/packageList.ts';
import { cycloneDx, spdx, type Subject } from '../../../src/generate/packages/sbom.ts';
import { leftOutIn, leftOutLine } from '../../../src/uforge/leftOutLine.ts';

const packages = listedPackages([
  { pkg: { name: 'nginx-light', version: '1.22.1', release: '9+deb12u1', arch: 'amd64', type: 'DEB' } },
  { pkg: { name: 'libstdc++6', version: '12.2.0', release: '14', arch: 'amd64', type: 'DEB', size: 100 } },
  { pkg: { name: 'adduser', version: '1:3.134', arch: 'all', type: 'DEB' } },
  {},
]);
const subject: Subject = {
  name: 'nginx',
  version: '1.0',
  targetFormat: 'QCOW2',
  distribution: 'Debian 12',
  fileName: 'nginx.qcow2',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  packages,
  created: new Date('2026-01-01T12:00:00.123Z'),
  id: '3e671687-395b-41f5-a30f-a58921a69b79',
};

suite('what is in an image', () => {
  test('is a line a package, by name', () => {
    assert.equal(
      packageText(packages, { title: 'Left out:', names: [] }),
      'adduser 1:3.134 all\nlibstdc++6 12.2.0-14 amd64\nnginx-light 1.22.1-9+deb12u1 amd64',
    );
  });

  test('has below it what was recommended and left out, as the log says', () => {
    const names = leftOutIn(`12:00 one\n12:01 ${leftOutLine(['nginx-doc', 'less | most'])}\n12:02 two\n`);
    const text = packageText(packages, { title: 'Left out:', names });
    assert.match(text, /amd64\n\nLeft out:\nless \| most\nnginx-doc$/);
    assert.deepEqual(leftOutIn('12:00 one\n'), []);
  });

  test('is a CycloneDX document that CycloneDX’s own validator accepts', async () => {
    const validator = new CDX.Validation.JsonStrictValidator(CDX.Spec.Version.v1dot6);
    const document = cycloneDx(subject);
    assert.equal(await validator.validate(JSON.stringify(document)), null);
    const wrong = JSON.stringify({ ...document, serialNumber: 'none' });
    assert.notEqual(await validator.validate(wrong), null, 'the validator finds what is wrong');
    const { components } = document as { readonly components: readonly { readonly purl: string }[] };
    assert.equal(components[0]?.purl, 'pkg:deb/debian/adduser@1:3.134?arch=all&distro=debian-12');
    assert.equal(
      components[2]?.purl,
      'pkg:deb/debian/nginx-light@1.22.1-9%2Bdeb12u1?arch=amd64&distro=debian-12',
    );
  });

  test('has an RPM’s epoch beside its version', () => {
    const rpm = listedPackages([
      { pkg: { name: 'bind', version: '32:9.16', release: '1.el9', arch: 'x86_64', type: 'RPM' } },
    ]);
    const document = cycloneDx({ ...subject, distribution: 'CentOS 9', packages: rpm });
    assert.equal(
      (document as { readonly components: readonly { readonly purl: string }[] }).components[0]?.purl,
      'pkg:rpm/centos/bind@9.16-1.el9?arch=x86_64&distro=centos-9&epoch=32',
    );
  });

  test('is an SPDX document in which every relationship leads to an element', () => {
    const document = spdx(subject) as {
      readonly packages: readonly { readonly SPDXID: string }[];
      readonly relationships: readonly {
        readonly spdxElementId: string;
        readonly relatedSpdxElement: string;
      }[];
      readonly creationInfo: { readonly created: string };
    };
    const ids = new Set(['SPDXRef-DOCUMENT', ...document.packages.map(({ SPDXID }) => SPDXID)]);
    assert.equal(ids.size, packages.length + 2);
    for (const id of ids) assert.match(id, /^SPDXRef-[a-zA-Z0-9.-]+$/);
    for (const { spdxElementId, relatedSpdxElement } of document.relationships) {
      assert.ok(ids.has(spdxElementId) && ids.has(relatedSpdxElement));
    }
    assert.equal(document.creationInfo.created, '2026-01-01T12:00:00Z');
  });
});
