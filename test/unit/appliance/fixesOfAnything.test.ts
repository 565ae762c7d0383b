import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Problem } from '../../../src/appliance/text/problem.ts';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { applyEdits, fixAll } from '../../../src/appliance/text/edits.ts';

const ns = 'xmlns:ns0="http://www.usharesoft.com/uforge"';

/** Pieces of requests, right and wrong, on lines of their own or not. */
const inside = fc
  .array(
    fc.constantFrom(
      '<compress>true</compress>',
      '<compressed>yes</compressed>',
      '<targetFormat><name>vbox</name></targetFormat>',
      '<targetFormat><name>OpenStack VHD</name></targetFormat>',
      '<targetFormat/>',
      '<ns0:simulated>no</ns0:simulated>',
      '<installProfile><swapSize>1</swapSize><memorySize>2 GB</memorySize></installProfile>',
      '<installProfile>\n    <nic><name>a</name></nic>\n  </installProfile>',
      '<installProfile><nics><nick><order>1</order></nick></nics></installProfile>',
      '<entrypoint a="b">x</entrypoint>',
      '<!-- a comment -->',
      '<foo/>',
      '\n  ',
      '\r\n\t',
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));
const request = fc
  .tuple(
    fc.constantFrom('ns0:image', 'image', 'ns0:imgae', 'ns0:publishImage'),
    fc.constantFrom(ns, ns.replace(':ns0', ''), ''),
    inside,
  )
  .map(([root, declaration, content]) => `<${root} ${declaration}>${content}</${root}>`);

const template = fc
  .array(
    fc.constantFrom(
      '  name: a',
      '  version: 1.10',
      '  os: { name: Debian, version: "12" }',
      '  os:\n    name: Debian # which',
      '  instalation: { diskSize: 1 }',
      '  installation:\n    keyboard: bg_pho-utf8\n    seLinuxMode: permisive',
      '  config:\n    - { name: a, source: a.sh, frequency: firstbot }',
      'builders:\n  - type: vbox\n  - type: Docker # here',
    ),
    { maxLength: 7 },
  )
  .map((lines) => `stack:\n${lines.join('\n')}\n`);

const uncovering = ['wrong-namespace', 'unknown-element', 'unknown-key', 'missing-key', 'type-as-element'];

function errorsIn(problems: readonly Problem[]): number {
  return problems.filter(({ severity }) => severity === 'error').length;
}

function assertNoWorse(text: string, check: (text: string) => readonly Problem[]): void {
  const before = check(text);
  for (const problem of before) {
    for (const { title, edits, choice } of problem.fixes ?? []) {
      const after = check(applyEdits(text, edits));
      // A choice, such as the kind of an abstract type, lets the checks look inside for the first time.
      if (choice === true) continue;
      const wellFormed = after.every(({ code }) => code !== 'not-well-formed');
      assert.ok(
        wellFormed || before.some(({ code }) => code === 'not-well-formed'),
        `${title} breaks:\n${text}`,
      );
      if (uncovering.includes(problem.code)) continue;
      assert.ok(errorsIn(after) <= errorsIn(before), `${title} makes it worse:\n${text}`);
    }
  }
  const fixed = fixAll(text, check);
  // Under a wrong name nothing was read: what is wrong in there is only seen when the name is right.
  if (!before.some(({ code }) => uncovering.includes(code))) {
    assert.ok(errorsIn(check(fixed)) <= errorsIn(before), `all fixes make it worse:\n${text}\n${fixed}`);
  }
  assert.equal(fixAll(fixed, check), fixed, `there is an end to it:\n${text}`);
}

suite('no fix makes a document worse', () => {
  test('of a request', () => {
    fc.assert(
      fc.property(request, (text) => {
        assertNoWorse(text, (each) => parseRepresentation(each).problems);
      }),
      { numRuns: 400 },
    );
  });
  test('of a template', () => {
    fc.assert(
      fc.property(template, (text) => {
        assertNoWorse(text, (each) => parseTemplate(each, 'yaml').problems);
      }),
      { numRuns: 300 },
    );
  });
});
