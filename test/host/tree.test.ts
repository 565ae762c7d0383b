import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Arrangement } from '../../src/editor/images/list/arrangement.ts';
import { formatBytes } from '../../src/editor/images/appearance.ts';
import type { ImageNode } from '../../src/editor/images/list/nodes.ts';
import { ImagesTree } from '../../src/editor/images/list/tree.ts';
import { DeploymentStore, type Deployment } from '../../src/tickets/deployment.ts';
import { PublicationStore, type Publication } from '../../src/tickets/publication.ts';
import { TicketStore } from '../../src/tickets/store.ts';
import type { Ticket } from '../../src/tickets/ticket.ts';

const start = Date.parse('2026-01-01T00:00:00Z');

/** Time stands 65 s after the tickets were made. */
const clock = { now: () => start + 65_000, schedule: () => ({ [Symbol.dispose]: () => undefined }) };

const running: Ticket = {
  server: 'http://uforge.example.com/api',
  uid: 'ann',
  uri: 'users/ann/appliances/1/images/1',
  aid: '1',
  itid: '1',
  applianceUri: 'users/ann/appliances/1',
  applianceName: 'nginx',
  applianceVersion: '1.0',
  revision: 3,
  targetFormat: 'VirtualBox',
  state: 'running',
  percentage: 62,
  message: 'Installing: 3 of 40 packages',
  created: new Date(start).toISOString(),
  changed: new Date(start).toISOString(),
  downloadable: false,
  simulated: false,
  definition: 'file:///w/representation.xml',
};
const done: Ticket = {
  ...running,
  uri: 'users/ann/appliances/1/images/2',
  itid: '2',
  state: 'done',
  percentage: 100,
  message: 'Done',
  fileName: 'nginx.ova',
  fileSize: 412_000_000,
  downloadable: true,
  finished: new Date(start + 60_000).toISOString(),
};
const failed: Ticket = {
  ...running,
  uri: 'users/ann/appliances/1/images/3',
  state: 'failed',
  errorMessage: 'The disk is full.',
};

const publication: Publication = {
  server: running.server,
  uid: 'ann',
  uri: `${done.uri}/pimages/7`,
  aid: '1',
  itid: '2',
  pitid: '7',
  applianceUri: done.applianceUri,
  applianceName: 'nginx',
  applianceVersion: '1.0',
  targetFormat: 'OpenStack QCOW2',
  type: 'PublishImageOpenStack',
  account: 'devstack',
  state: 'running',
  percentage: 40,
  message: 'Uploading',
  created: new Date(start).toISOString(),
  changed: new Date(start).toISOString(),
};
const machine: Deployment = {
  server: running.server,
  uid: 'ann',
  uri: 'users/ann/deployments/d1',
  did: 'd1',
  name: 'web',
  source: publication.uri,
  state: 'done',
  percentage: 100,
  message: 'running',
  address: '192.0.2.7',
  created: new Date(start).toISOString(),
  changed: new Date(start).toISOString(),
};
const nothing = { load: () => undefined, save: () => Promise.resolve() };

describe('a row of the Images view', () => {
  let store: TicketStore;
  let publications: PublicationStore;
  let deployments: DeploymentStore;
  let tree: ImagesTree;
  let arrangement: Arrangement;
  const serverLabel = (server: string): string => new URL(server).host;

  beforeEach(() => {
    const kept = new Map<string, unknown>();
    const state = {
      keys: () => [...kept.keys()],
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    } as vscode.Memento;
    arrangement = new Arrangement(state, serverLabel);
    store = new TicketStore(
      { load: () => [running, done, failed], save: () => Promise.resolve() },
      () => undefined,
    );
    publications = new PublicationStore(nothing, () => undefined);
    deployments = new DeploymentStore(nothing, () => undefined);
    tree = new ImagesTree({
      store,
      publications,
      deployments,
      clock,
      arrangement,
      revisions: { isStale: ({ uri }) => uri === done.uri },
      tested: { labelOf: ({ uri }) => (uri === done.uri ? 'tested: 7 of 8' : undefined) },
      serverLabel,
    });
  });
  afterEach(() => {
    tree.dispose();
    store[Symbol.dispose]();
  });

  const rowOf = (ticket: Ticket): vscode.TreeItem => tree.getTreeItem(tree.nodeOf(ticket)!);
  const tooltipOf = (ticket: Ticket): string => {
    const node = tree.nodeOf(ticket)!;
    const { tooltip } = tree.resolveTreeItem(tree.getTreeItem(node), node);
    // Foreign text in Markdown is written in character references.
    return (tooltip as vscode.MarkdownString).value.replaceAll(/&#(\d+);/g, (_, code) =>
      String.fromCharCode(Number(code)),
    );
  };

  it('says stage and percentage while the image is generated', () => {
    const row = rowOf(running);
    assert.equal(row.label, 'VirtualBox');
    assert.equal(row.description, '62 % · Installing');
    store.put({ ...running, eta: new Date(start + 65_000 + 170_000).toISOString() });
    assert.equal(rowOf(running).description, '62 % · 3 min left · Installing', 'as long as its server knows');
    assert.equal((row.iconPath as vscode.ThemeIcon).id, 'sync~spin');
    assert.ok((row.iconPath as vscode.ThemeIcon).color, 'the state has a colour');
    assert.equal(row.contextValue, 'ticket.running.definition');
  });

  it('offers what can be done in each state through its context value', () => {
    assert.equal(rowOf(done).contextValue, 'ticket.done.downloadable.definition');
    assert.equal(rowOf(failed).contextValue, 'ticket.failed.definition');
    store.put({ ...done, downloadable: false });
    assert.equal(rowOf(done).contextValue, 'ticket.done.withheld.definition', 'its menu says why');
    store.put(done);
  });

  it('says first what matters: why it failed, and today’s time without the day', () => {
    const { description, accessibilityInformation } = rowOf(failed);
    assert.match(String(description), /^The disk is full\. · \d+:\d\d/);
    assert.match(accessibilityInformation?.label ?? '', /, Failed, The disk is full\./);
    store.put({ ...failed, changed: new Date(start - 40 * 3_600_000).toISOString() });
    assert.match(String(rowOf(failed).description), /^The disk is full\. · \D+ \d+, \d+:\d\d/);
  });

  it('has what it was published as under it, and the machines made of that', () => {
    publications.put(publication);
    const node = tree.nodeOf(done)!;
    const [row, ...others] = tree.getChildren(node);
    assert.deepEqual([row?.kind, others.length], ['publication', 0]);
    assert.equal(tree.getParent(row!), node);
    const item = tree.getTreeItem(row!);
    assert.equal(item.label, 'OpenStack · devstack');
    assert.equal(item.description, '40 % · Uploading');
    assert.equal(item.contextValue, 'publication.running');
    publications.put({ ...publication, state: 'done', percentage: 100, cloudId: 'ami-1' });
    deployments.put(machine);
    assert.equal(tree.getTreeItem(row!).contextValue, 'publication.done.cloudId.deployable');
    assert.match(String(tree.getTreeItem(row!).description), /^ami-1 · /);
    const [web] = tree.getChildren(row);
    const shown = tree.getTreeItem(web!);
    assert.deepEqual([shown.label, shown.description], ['web', 'Running · 192.0.2.7']);
    assert.equal(shown.contextValue, 'deployment.done.address');
  });

  it('is gone with its image, and what that was published as stays in the view', () => {
    publications.put(publication);
    store.remove(done);
    const last = tree.getChildren().at(-1);
    assert.equal(last?.kind, 'loose');
    assert.deepEqual(
      tree.getChildren(last).map(({ kind }) => kind),
      ['publication'],
    );
    arrangement.filter = 'nginx';
    assert.ok(tree.getChildren().every(({ kind }) => kind !== 'loose'));
  });

  it('stands under the appliance’s name and version', () => {
    const [appliance, ...others] = tree.getChildren();
    assert.equal(others.length, 0);
    const item = tree.getTreeItem(appliance!);
    assert.equal(item.label, 'nginx 1.0');
    assert.equal(item.description, '1 running');
    const [newest, ...rows] = tree.getChildren(appliance);
    assert.deepEqual(rows, [], 'all three are of the same request');
    assert.equal(tree.getChildren(newest).length, 2, 'the earlier attempts stand under the newest');
    assert.equal(tree.getParent(newest!), appliance);
  });

  it('stands under an appliance that names its server as soon as there are tickets of several', () => {
    store.apply({ put: [{ ...done, server: 'http://other.example.com/api' }] });
    const groups = tree.getChildren().map((group) => tree.getTreeItem(group));
    assert.deepEqual(
      groups.map(({ label, description }) => `${label as string} ${description as string}`).sort(),
      ['nginx 1.0 1 running · uforge.example.com', 'nginx 1.0 other.example.com'],
    );
  });

  it('stands under its server or its state when the person wants that', async () => {
    const labels = (): unknown[] => tree.getChildren().map((node) => tree.getTreeItem(node).label);
    await arrangement.groupBy('server');
    assert.deepEqual(labels(), ['uforge.example.com']);
    await arrangement.groupBy('state');
    assert.deepEqual(new Set(labels()), new Set(['Running', 'Done', 'Failed']));
    assert.equal(rowOf(running).label, 'nginx 1.0 · VirtualBox');
  });

  it('is hidden when it lacks a word of the filter', () => {
    arrangement.filter = 'nginx done';
    assert.ok(tree.nodeOf(done) !== undefined);
    assert.equal(tree.nodeOf(running), undefined);
    store.put({ ...running, percentage: 99 });
    assert.equal(tree.nodeOf(running), undefined);
    arrangement.filter = '';
    assert.ok(tree.nodeOf(running) !== undefined);
  });

  it('says that its image is out of date, and what was asked for and is not answered yet', () => {
    assert.match(String(rowOf(done).description), /^out of date · .* · tested: 7 of 8$/);
    store.put({ ...running, pending: 'cancel' });
    assert.equal(rowOf(running).description, 'Cancelling…');
  });

  it('waits in a closed group when there are thousands of them', async () => {
    const group = (): vscode.TreeItem =>
      tree.getTreeItem(tree.getChildren().find(({ id }) => id === 'state:running')!);
    await arrangement.groupBy('state');
    assert.equal(group().collapsibleState, vscode.TreeItemCollapsibleState.Expanded);
    store.put(...Array.from({ length: 1001 }, (_, index) => ({ ...running, uri: `i${index}` })));
    assert.equal(group().collapsibleState, vscode.TreeItemCollapsibleState.Collapsed);
  });

  it('tells everything else in its tooltip', () => {
    const text = tooltipOf(running);
    for (const part of ['Installing: 3 of 40 packages', '62 %', '1:05', 'uforge.example.com', '3'])
      assert.ok(text.includes(part), part);
    assert.ok(tooltipOf(done).includes('412 MB'));
  });

  it('is repainted alone when its ticket changes; the tree is asked again only when rows come or go', () => {
    const fired: (ImageNode | ImageNode[] | undefined)[] = [];
    tree.onDidChangeTreeData((what) => fired.push(what));
    const node = tree.nodeOf(running);
    store.put({ ...running, percentage: 70 });
    assert.deepEqual(
      (fired[0] as ImageNode[]).map(({ kind }) => kind),
      ['ticket', 'appliance'],
    );
    assert.equal((fired[0] as ImageNode[])[0], node);
    assert.equal(rowOf(running).description, '70 % · Installing');
    store.remove(done);
    assert.equal(fired[1], undefined);
    assert.equal(fired.length, 2);
  });
});

describe('sizes', () => {
  it('are in powers of 1000, with one decimal below a hundred', () => {
    const sizes = [0, 999, 1000, 99_950, 412_345_678, 999_960_000, 1_234_567_890];
    assert.deepEqual(sizes.map(formatBytes), [
      '0 bytes',
      '999 bytes',
      '1.0 kB',
      '100.0 kB',
      '412 MB',
      '1.0 GB',
      '1.2 GB',
    ]);
  });
});
