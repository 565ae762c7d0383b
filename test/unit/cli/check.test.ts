import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { run } from '../../../src/cli/run.ts';
import { environment } from './support.ts';

const ns = 'xmlns:ns0="http://www.usharesoft.com/uforge"';
const format = '<targetFormat><name>Raw Virtual Disk</name></targetFormat>';

suite('check', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'check-test-'));
    const files = {
      'right.xml': `<ns0:image ${ns}><compress>true</compress>${format}</ns0:image>`,
      'doubtful.xml': `<ns0:image ${ns}>${format}<compress>true</compress></ns0:image>`,
      'wrong.xml': `<ns0:image ${ns}>\n  <compressed>true</compressed>${format}</ns0:image>`,
      'template.yml': "stack:\n  name: a\n  version: '1'\n  os: { name: D, version: '12' }\n",
      'hostile.yml':
        'stack:\n  name: a\n  version: "1"\n  "\\e]0;owned\\a": 1\n  os: { name: D, version: "12", arch: x }\n',
      'notes.txt': '',
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  });
  after(() => rm(folder, { recursive: true }));

  async function checked(...args: readonly string[]): Promise<{ code: number; out: string; errors: string }> {
    const setup = environment();
    const named = args.map((arg) => (arg.startsWith('--') ? arg : join(folder, arg)));
    const code = await run(['check', ...named], setup);
    return { code, out: setup.out.text, errors: setup.errors.text };
  }

  test('ends with 0 when nothing is wrong, and says so', async () => {
    assert.deepEqual(await checked('right.xml'), {
      code: 0,
      out: '1 file checked: 0 errors, 0 warnings.\n',
      errors: '',
    });
  });

  test('ends with 0 for warnings, with 2 for them when strict', async () => {
    const { code, out } = await checked('doubtful.xml');
    assert.equal(code, 0);
    assert.match(out, /doubtful\.xml:1:\d+: warning: “compress” must come before “targetFormat”/);
    assert.equal((await checked('--strict', 'doubtful.xml')).code, 2);
    assert.equal((await checked('--strict', 'right.xml')).code, 0);
  });

  test('shows what stands in a file as text: it gives the terminal no orders', async () => {
    const { out } = await checked('hostile.yml');
    assert.match(out, /␛\]0;owned␇/);
    assert.doesNotMatch(out, /(?!\n)\p{Cc}/u);
  });

  test('ends with 2 for errors in any of the files, each with its place', async () => {
    const { code, out } = await checked('right.xml', 'wrong.xml', 'template.yml');
    assert.equal(code, 2);
    assert.match(
      out,
      /wrong\.xml:2:4: error: “compressed” is not an element of “image”\. Did you mean “compress”\?/,
    );
    assert.match(out, /template\.yml:4:3: error: stack\.os has no “arch”/);
    assert.match(out, /3 files checked: 2 errors, /);
  });

  test('writes JSON lines for programs', async () => {
    const { code, out } = await checked('--json', 'wrong.xml');
    assert.equal(code, 2);
    const [unknown, ...others] = out.trim().split('\n');
    assert.deepEqual(others, [], 'what is there under a wrong name is not missing, too');
    const { line, column, endLine, endColumn, fixes } = JSON.parse(unknown ?? '') as Record<string, unknown>;
    assert.deepEqual([line, column, endLine, endColumn], [2, 4, 2, 14]);
    assert.deepEqual(fixes, ['Rename to “compress”', 'Remove “compressed”']);
  });

  test('writes SARIF for code scanning', async () => {
    const { code, out } = await checked('--sarif', 'wrong.xml', 'right.xml');
    assert.equal(code, 2);
    const log = JSON.parse(out) as {
      version: string;
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: {
          ruleId: string;
          level: string;
          locations: { physicalLocation: { artifactLocation: { uri: string }; region: unknown } }[];
        }[];
      }[];
    };
    assert.equal(log.version, '2.1.0');
    const [sarif] = log.runs;
    const result = sarif!.results.find(({ ruleId }) => ruleId === 'unknown-element');
    assert.equal(result?.level, 'error');
    const { artifactLocation, region } = result.locations[0]!.physicalLocation;
    assert.match(artifactLocation.uri, /^file:\/\/.*wrong\.xml$/);
    assert.deepEqual(region, { startLine: 2, startColumn: 4, endLine: 2, endColumn: 14 });
    const rules = sarif!.tool.driver.rules.map(({ id }) => id);
    assert.ok(sarif!.results.every(({ ruleId }) => rules.includes(ruleId)));
    const clean = JSON.parse((await checked('--sarif', 'right.xml')).out) as typeof log;
    assert.deepEqual(clean.runs[0]?.results, []);
  });

  test('says what it can’t check', async () => {
    const missing = await checked('nowhere.xml');
    assert.equal(missing.code, 2);
    assert.match(missing.errors, /There is no file .*nowhere\.xml/);
    assert.match((await checked('notes.txt')).errors, /neither a request \(\.xml\) nor a template/);
    assert.match((await checked()).errors, /Which files\?/);
    assert.match((await checked('--json', '--sarif', 'right.xml')).out, /not both/);
    assert.match((await checked('--replace', 'right.xml')).errors, /--replace is for generate/);
  });
});
