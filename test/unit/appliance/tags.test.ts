import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { renamingAt } from '../../../src/appliance/language/rename.ts';
import { foldsOf, tagPairAt } from '../../../src/appliance/language/tags.ts';

const ns = 'xmlns:ns0="http://www.usharesoft.com/uforge"';

/** The text with the places put into brackets, asked at the `|`. */
function shown(
  marked: string,
  find: (text: string, at: number) => readonly { from: number; to: number }[] | undefined,
) {
  const at = marked.indexOf('|');
  const text = marked.replace('|', '');
  const pieces = find(text, at)?.toSorted((a, b) => b.from - a.from);
  return pieces?.reduce(
    (all, { from, to }) => `${all.slice(0, from)}[${all.slice(from, to)}]${all.slice(to)}`,
    text,
  );
}

const pair = (text: string, at: number) => {
  const found = tagPairAt(text, at);
  return found && [found.start, found.end];
};
const renamed = (kind: 'representation' | 'template') => (text: string, at: number) =>
  renamingAt(kind, text, at)?.places;

suite('start and end tag are edited together', () => {
  test('from either of them', () => {
    assert.equal(
      shown(`<ns0:image ${ns}><com|press>true</compress></ns0:image>`, pair),
      `<ns0:image ${ns}><[compress]>true</[compress]></ns0:image>`,
    );
    assert.equal(shown(`<a><b/></a|>`, pair), '<[a]><b/></[a]>');
  });
  test('but not in what is between, nor when there is one tag only', () => {
    assert.equal(shown('<a>te|xt</a>', pair), undefined);
    assert.equal(shown('<a><b|/></a>', pair), undefined);
    assert.equal(shown('<a><b|></a>', pair), undefined);
    assert.equal(shown('<a x="|1"></a>', pair), undefined);
  });
});

suite('renaming', () => {
  test('an element changes both tags, or the one there is in a broken text', () => {
    assert.equal(
      shown('<ns0:image><co|mp></comp></ns0:image>', renamed('representation')),
      '<ns0:image><[comp]></[comp]></ns0:image>',
    );
    assert.equal(shown('<ns0:im|age>', renamed('representation')), '<ns0:[image]>');
    assert.equal(shown('<a><b>1</a|>', renamed('representation')), '<[a]><b>1</[a]>');
    assert.equal(shown('<a>va|lue</a>', renamed('representation')), undefined);
  });
  test('a prefix changes its declaration and the types it is in', () => {
    assert.equal(
      shown(
        `<n|s0:publishImage ${ns} xsi:type="ns0:PublishImageAws"><a>ns0:</a></ns0:publishImage>`,
        renamed('representation'),
      ),
      `<[ns0]:publishImage xmlns:[ns0]="http://www.usharesoft.com/uforge" xsi:type="[ns0]:PublishImageAws"><a>ns0:</a></[ns0]:publishImage>`,
    );
  });
  test('a volume group changes the volumes that are in it', () => {
    const text = `stack:
  installation:
    partitioning:
      volumeGroups: [{ name: da|ta }, { name: other }]
      logicalVolumes:
        - { name: data, vg_name: "data", size: 64 }
builders: []
`;
    assert.equal(
      shown(text, renamed('template')),
      text.replace('da|ta', '[data]').replace('"data"', '"[data]"'),
    );
    assert.equal(
      shown(text.replace('da|ta', 'data').replace('stack:', 'st|ack:'), renamed('template')),
      undefined,
    );
  });
});

test('elements fold up to the line before their end tag, comments as a whole', () => {
  const text = `<a>\n  <b>\n    <c>1</c>\n  </b>\n  <!-- one\n  two -->\n  <d><e/></d>\n</a>\n`;
  assert.deepEqual(foldsOf(text), [
    { startLine: 0, endLine: 6, kind: 'element' },
    { startLine: 1, endLine: 2, kind: 'element' },
    { startLine: 4, endLine: 5, kind: 'comment' },
  ]);
  assert.doesNotThrow(() => foldsOf('<a>\n<b>\n<!-- x\n'));
});
