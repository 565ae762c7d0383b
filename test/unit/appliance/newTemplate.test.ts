import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { newTemplate } from '../../../src/appliance/template/newTemplate.ts';
import { newRequest } from '../../../src/appliance/request/newRequest.ts';
import { imageRequestOf, parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { requestFromTemplate } from '../../../src/appliance/request/fromTemplate.ts';
import { targetFormats } from '../../../src/appliance/catalog/targetFormats.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';

const system = { name: 'Debian', version: '12', arch: 'x86_64' };
const format = fc.constantFrom(...targetFormats.map(({ name }) => name));
const size = fc.option(fc.integer({ min: 512, max: 65_536 }), { nil: undefined });
const word = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== '');

suite('a new definition has no problem', () => {
  test('a request, for any target format and whatever is said of the machine', () => {
    fc.assert(
      fc.property(format, size, (targetFormat, memory) => {
        const text = newRequest({ targetFormat, memory });
        assert.deepEqual(parseRepresentation(text).problems, [], text);
      }),
    );
    assert.deepEqual(
      imageRequestOf(parseRepresentation(newRequest({ targetFormat: 'Docker', entrypoint: 'nginx -g x' }))),
      {
        compress: true,
        targetFormat: { name: 'Docker' },
        entrypoint: '["nginx","-g","x"]',
      },
    );
  });

  test('a template, whatever its names look like in YAML, and its builders ask for the same', () => {
    fc.assert(
      fc.property(
        word,
        word,
        fc.array(word),
        format,
        size,
        (name, version, packages, targetFormat, memory) => {
          // PXE boots CentOS only: that is a problem of the choice, not of the text.
          fc.pre(targetFormat !== 'PXE');
          const machine = { targetFormat, memory };
          const text = newTemplate({
            name,
            version,
            system,
            profile: 'Minimal',
            packages,
            machines: [machine],
          });
          const { template, problems } = parseTemplate(text, 'yaml');
          assert.deepEqual(
            problems.filter(({ severity }) => severity === 'error'),
            [],
            text,
          );
          assert.ok(template);
          assert.deepEqual(
            [
              template.stack.name,
              template.stack.version,
              (template.stack.os.pkgs ?? []).map((each) => each.name),
            ],
            [name, version, packages],
          );
          const { installProfile = {}, ...rest } = requestFromTemplate(template);
          const empty = Object.keys(installProfile).length === 0;
          assert.deepEqual(
            imageRequestOf(parseRepresentation(newRequest(machine))),
            empty ? rest : { ...rest, installProfile },
          );
        },
      ),
    );
  });
});
