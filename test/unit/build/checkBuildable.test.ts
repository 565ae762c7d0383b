import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Template } from '../../../src/appliance/template.ts';
import { parseTemplate } from '../../../src/appliance/template.ts';
import { checkBuildable, targetFormats } from '../../../src/forge/build/build.ts';
import type { Image } from '../../../src/uforge/dto.ts';

function template(
  rest = '',
  os = "{ name: Debian, version: '12', arch: x86_64, profile: Minimal }",
): Template {
  const text = `stack:\n  name: web\n  version: '1.0'\n  os: ${os}\n${rest}`;
  const parsed = parseTemplate(text, 'yaml');
  assert.ok(parsed.template, parsed.problems.map((problem) => problem.message).join('\n'));
  return parsed.template;
}

const password = '  installation: { rootUser: { setPassword: true, password: x } }\n';
const qcow2: Image = { targetFormat: { name: 'QCOW2' } };

suite('what the local forge can build', () => {
  test('a plain Debian with a root password in each of its formats', () => {
    assert.deepEqual(
      targetFormats.map((format) => format.name),
      ['VirtualBox', 'QCOW2', 'Raw Virtual Disk'],
    );
    for (const { name } of targetFormats) {
      const image = { targetFormat: { name }, compress: true, installProfile: { memorySize: 512 } };
      assert.deepEqual(checkBuildable({ template: template(password), image }), {
        problems: [],
        warnings: [],
      });
    }
  });

  test('another target format is refused with the known ones', () => {
    const { problems } = checkBuildable({
      template: template(password),
      image: { targetFormat: { name: 'Hyper-V' } },
    });
    assert.deepEqual(problems, [
      'targetFormat “Hyper-V”; the local forge builds VirtualBox, QCOW2, Raw Virtual Disk',
    ]);
  });

  test('another distribution, release or architecture is refused', () => {
    for (const os of [
      "{ name: Ubuntu, version: '12', arch: x86_64 }",
      "{ name: Debian, version: '11', arch: x86_64 }",
      "{ name: Debian, version: '12', arch: i386 }",
    ]) {
      const { problems } = checkBuildable({ template: template(password, os), image: qcow2 });
      assert.equal(problems.length, 1, os);
      assert.match(problems[0] ?? '', /Debian 12 and Debian 13 for x86_64/);
    }
  });

  test('everything that would make a wrong image is named', () => {
    const rest = `  installation:
    rootUser: { password: x }
    partitioning: { disks: [{ name: sda, size: 9000 }] }
    users: [{ name: joe }]
    groups: [{ name: staff }]
    firewall: true
    internetSettings: ask
    seLinuxMode: enforcing
    timezone: Mars/Olympus
  bundles:
    - name: b
      version: '1'
      files: [{ name: f, source: f }]
`;
    const { problems } = checkBuildable({ template: template(rest), image: qcow2 });
    const named = ['partitioning', 'users', 'groups', 'internetSettings', 'firewall', 'seLinuxMode'];
    for (const name of [...named, 'timezone', 'bundles']) {
      assert.ok(
        problems.some((problem) => problem.includes(name)),
        `${name} is not named in ${problems.join('; ')}`,
      );
    }
    assert.equal(problems.length, 8);
  });

  test('package names that are options or patterns for apt are refused', () => {
    for (const name of ['--purge', '?essential', 'a b', 'nginx/sid', '$(id)', './x.deb']) {
      const os = `{ name: Debian, version: '12', arch: amd64, pkgs: [{ name: ${JSON.stringify(name)} }] }`;
      const { problems } = checkBuildable({ template: template(password, os), image: qcow2 });
      assert.equal(problems.length, 1, name);
    }
    const os = "{ name: Debian, version: '12', arch: amd64, pkgs: [{ name: nginx, version: '1 --x' }] }";
    assert.match(
      checkBuildable({ template: template(password, os), image: qcow2 }).problems[0] ?? '',
      /1 --x/,
    );
  });

  test('what is harmless is a warning', () => {
    const rest = '  installation: { keyboard: de-latin1, displayLicense: true }\n';
    const { problems, warnings } = checkBuildable({
      template: template(rest),
      image: { ...qcow2, installProfile: { hwType: '7' } },
    });
    assert.deepEqual(problems, []);
    assert.equal(warnings.length, 4);
    assert.match(warnings.join('\n'), /keyboard[^]*displayLicenses[^]*hwType[^]*nobody can log in/);
  });

  test("fields of the request's install profile that are not honoured are named", () => {
    const { problems } = checkBuildable({
      template: template(password),
      image: { ...qcow2, installProfile: { users: [{ name: 'joe' }], kernelParameters: 'quiet', nics: [] } },
    });
    assert.deepEqual(problems.toSorted(), [
      'installProfile/kernelParameters is not honoured',
      'installProfile/users is not honoured',
    ]);
  });

  test('sizes that make no sense are refused', () => {
    const sizes = { diskSize: 1024, swapSize: 2048, memorySize: 16 };
    const { problems } = checkBuildable({
      template: template(password),
      image: { ...qcow2, installProfile: sizes },
    });
    assert.match(problems.join('\n'), /swapSize 2048[^]*memorySize 16/);
    const small = checkBuildable({
      template: template(password),
      image: { ...qcow2, installProfile: { diskSize: 5n } },
    });
    assert.match(small.problems.join('\n'), /diskSize 5 MB/);
  });
});
