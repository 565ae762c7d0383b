import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, suite, test } from 'node:test';
import { leaveImage } from './seeded.ts';
import {
  archive,
  element,
  errorOf,
  imageRequest,
  importArchive,
  mainScript,
  startForge,
  template,
  temporaryFolder,
  type TestForge,
} from './support.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
const mb = 2 ** 20;
before(async () => {
  folder = await temporaryFolder();
  await leaveImage(folder.path, new Uint8Array(2 * mb));
  forge = await startForge(folder.path);
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function setQuota(text: string): void {
  execFileSync(process.execPath, [
    mainScript,
    'user',
    'set',
    'forge',
    '--quota',
    text,
    '--data',
    folder.path,
  ]);
}

interface Quota {
  readonly type: string;
  readonly limit: number;
  readonly nb: number;
  readonly frequency: string;
  readonly renewalDate?: string;
}

async function quotas(): Promise<Readonly<Record<string, Quota>>> {
  const { text } = await forge.call('GET', '/users/forge/quotas', {
    headers: { accept: 'application/json' },
  });
  const document = JSON.parse(text) as { quotas: { quotas: { quota: readonly Quota[] } } };
  return Object.fromEntries(document.quotas.quotas.quota.map((quota) => [quota.type, quota]));
}

suite('quotas', () => {
  test('are unlimited unless set, and count what there is', async () => {
    const { appliance, generation, diskusage, scan } = await quotas();
    assert.deepEqual([appliance?.limit, appliance?.nb], [-1, 1]);
    assert.deepEqual([generation?.limit, generation?.nb, generation?.frequency], [-1, 1, 'none']);
    assert.deepEqual([diskusage?.limit, diskusage?.nb], [-1, 2 * mb + 1]);
    assert.deepEqual([scan?.limit, scan?.nb], [-1, 0]);
  });

  test('of appliances stop an import, but not a new revision', async () => {
    setQuota('appliance=2');
    assert.ok((await importArchive(forge, await archive(template('second')))).appliance);
    const third = await importArchive(forge, await archive(template('third')));
    assert.equal(third.appliance, undefined);
    assert.match(element(third.status, 'errorMessage') ?? '', /quota of appliances is used up \(2 of 2\)/);
    const again = await importArchive(forge, await archive(template('second')), '?force=true');
    assert.ok(again.appliance);
    setQuota('appliance=none');
  });

  test('of generations count what was made, also what was deleted since, and begin anew each month', async () => {
    const { appliance } = await importArchive(forge, await archive(template('made')));
    setQuota('generation=1/month');
    const { generation } = await quotas();
    assert.deepEqual([generation?.limit, generation?.nb, generation?.frequency], [1, 1, 'monthly']);
    const days = (Date.parse(generation?.renewalDate ?? '') - Date.now()) / 86_400_000;
    assert.ok(days > 0 && days <= 31, `${days}`);
    await forge.call('DELETE', '/users/forge/appliances/1/images/1');
    assert.equal((await quotas())['generation']?.nb, 1);
    const refused = await forge.call('POST', `${appliance ?? ''}/images`, imageRequest('QCOW2'));
    assert.match(
      errorOf(refused, 403, 'ERROR.QUOTA.EXCEEDED'),
      /generations is used up \(1 of 1\)\. It begins anew on \d{4}-/,
    );
    assert.equal(element(refused.text, 'parameter'), 'generation');
    setQuota('generation=none');
  });

  test('of the disk stop imports and generations; deleting makes room', async () => {
    setQuota('diskusage=0MB');
    const late = await importArchive(forge, await archive(template('late')));
    assert.match(element(late.status, 'errorMessage') ?? '', /disk quota does not suffice/);
    const asked = await forge.call('POST', '/users/forge/appliances/2/images', imageRequest('QCOW2'));
    assert.match(errorOf(asked, 403, 'ERROR.QUOTA.EXCEEDED'), /Delete images/);
    setQuota('diskusage=1MB');
    assert.ok((await importArchive(forge, await archive(template('late')))).appliance);
    await forge.call('DELETE', '/users/forge/appliances/4');
    setQuota('diskusage=none');
  });
});

suite('usage', () => {
  test('tells what was done, searchable, and the stats count it', async () => {
    const usage = async (query: string): Promise<string> =>
      (await forge.call('GET', `/users/forge/usage?query=${encodeURIComponent(query)}`)).text;
    assert.equal(element(await usage("actionName=='success';objectType=='image'"), 'total'), '1');
    const deleted = await usage("actionName=='deleted'");
    assert.equal(element(deleted, 'objectName'), 'left 1.0');
    assert.equal(element(deleted, 'formatName'), 'QCOW2');
    assert.equal(element(await usage("actionName=='updated'"), 'objectName'), 'second 1.0');
    const stats = (await forge.call('GET', '/users/forge/stats')).text;
    assert.match(stats, /<type>GENERATION_APPLIANCE<\/type><currNb>1<\/currNb>/);
    assert.match(stats, /<type>APPLIANCE<\/type><currNb>3<\/currNb>/);
  });
});
