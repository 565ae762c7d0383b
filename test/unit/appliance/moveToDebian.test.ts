import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { debianGuesses, debianName } from '../../../src/appliance/catalog/debianNames.ts';
import { moveToDebian } from '../../../src/appliance/template/moveToDebian.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';

const known = new Set(['nginx', 'apache2', 'libxml2-dev']);
const nameOf = (name: string): string | null | undefined => {
  const listed = debianName(name);
  if (listed !== undefined) return listed;
  return known.has(name) ? name : debianGuesses(name).find((guess) => known.has(guess));
};
const moved = (text: string): string => moveToDebian(text, '12', nameOf).text;

const yaml = `# our shop
stack:
  name: shop # not CentOS any more
  version: '1.0'
  os:
    name: CentOS
    version: "7"
    arch: i686
    updateTo: '2014-05-14'
    profile: Minimal
    pkgs:
      # the web server
      - name: httpd
      - name: mod_ssl
      - name: nginx
        version: '1.6'
        release: 1.el7
      - fullName: epel-release-7-9.noarch
      - name: libxml2-devel
      - name: our-own
      - name: yum
  bundles:
    - name: site
      version: '1'
      restrictionRule: Distribution#name=CentOS && Distribution#version=7
      files: [{ name: a, source: a }]
`;

suite('a template for another distribution becomes one for Debian', () => {
  test('system, names of packages and rules change, and nothing else', () => {
    assert.equal(
      moved(yaml),
      `# our shop
stack:
  name: shop # not CentOS any more
  version: '1.0'
  os:
    name: Debian
    version: "12"
    arch: x86_64
    profile: Minimal
    pkgs:
      # the web server
      - name: apache2
      - name: nginx
      - name: libxml2-dev
      - name: our-own
  bundles:
    - name: site
      version: '1'
      restrictionRule: Distribution#name=Debian && Distribution#version=12
      files: [{ name: a, source: a }]
`,
    );
  });
  test('what Debian has no name for is told, one by one', () => {
    assert.deepEqual(moveToDebian(yaml, '12', nameOf).unknown, ['our-own']);
  });
  test('in JSON', () => {
    const os =
      '"os": { "name": "Ubuntu", "version": "12.04", "arch": "x86_64", "profile": "Minimal", "pkgs": ';
    const json = (pkgs: string): string => `{ "stack": { "name": "a", "version": "1", ${os}${pkgs} } } }`;
    assert.match(
      moved(
        json(
          '[{ "name": "upstart" }, { "name": "nginx", "sticky": true, "version": "1" }, { "name": "php5" }]',
        ),
      ),
      /"name": "Debian", "version": "12".*"pkgs": \[\{ "name": "nginx", "sticky": true \}, \{ "name": "php" \}\] \} \} \}$/,
    );
    assert.match(
      moved(json('[{ "name": "upstart" }, { "name": "landscape-client" }]')),
      /"pkgs": \[\] \} \} \}$/,
    );
  });
  test('and stays well-formed, with line ends of Windows, too', () => {
    const text = yaml.replaceAll('\n', '\r\n');
    assert.equal(moved(text), moved(yaml).replaceAll('\n', '\r\n'));
    assert.deepEqual(parseTemplate(moved(text), 'yaml').problems, []);
  });
});

test('a name of another distribution is said in a template for Debian, with Debian’s', () => {
  const text = yaml.replace('name: CentOS', 'name: Debian');
  assert.deepEqual(
    parseTemplate(text, 'yaml').problems.map(({ message }) => message),
    [
      'Debian has no package “httpd”: there it is “apache2”.',
      'Debian has no package “mod_ssl”: there it is “apache2”.',
      'Debian has no package “libxml2-devel”: there it is “libxml2-dev”.',
      '“yum” is no package of Debian, which needs none for it. Remove it.',
    ],
  );
});
