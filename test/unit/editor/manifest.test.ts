import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { commandId, commandNames } from '../../../src/editor/commandIds.ts';

interface MenuItem {
  readonly command: string;
  readonly when?: string;
}
interface Manifest {
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly scope?: string; readonly default?: unknown }>>;
    };
  };
  readonly capabilities: Readonly<
    Record<string, { readonly supported: string; readonly description: string }>
  >;
}

async function read(path: string): Promise<string> {
  return readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

describe('the manifest', async () => {
  const text = await read('package.json');
  const manifest = JSON.parse(text) as Manifest;
  const strings = JSON.parse(await read('package.nls.json')) as Record<string, string>;
  const { commands, menus, views, configuration } = manifest.contributes;

  it('declares the commands the code registers, and no other', () => {
    assert.deepEqual(commands.map(({ command }) => command).sort(), commandNames.map(commandId).sort());
  });

  it('offers only commands it declares in its menus and welcome texts', () => {
    const known = new Set<string>([...commandNames.map(commandId), 'workbench.trust.manage']);
    const used = Object.values(menus).flatMap((items) => items.map(({ command }) => command));
    const linked = [
      ...Object.values(strings)
        .join('\n')
        .matchAll(/\(command:([\w.]+)\)/g),
    ].map(([, id]) => id!);
    assert.deepEqual(
      [...used, ...linked].filter((id) => !known.has(id)),
      [],
    );
  });

  it('has a text for every placeholder, and a placeholder for every text', () => {
    const used = new Set([...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key!));
    assert.deepEqual([...used].sort(), Object.keys(strings).sort());
  });

  it('keeps every setting out of a workspace’s reach: servers, credentials, files, and how much is taken', () => {
    const settings = Object.entries(configuration.properties);
    assert.ok(settings.length > 10);
    assert.deepEqual(
      settings.filter(([, { scope }]) => scope !== 'application').map(([name]) => name),
      [],
    );
  });

  it('works with limits in untrusted and virtual workspaces and says which', () => {
    for (const name of ['untrustedWorkspaces', 'virtualWorkspaces']) {
      assert.equal(manifest.capabilities[name]?.supported, 'limited');
      assert.match(manifest.capabilities[name].description, /^%.+%$/);
    }
  });

  it('asks for regular expressions in its menus that are regular expressions', () => {
    for (const { when } of Object.values(menus).flat()) {
      for (const [, pattern] of (when ?? '').matchAll(/=~ \/(.+?)\/(?: |$)/g)) new RegExp(pattern!);
    }
  });

  it('shows a button for every state a ticket can be in', () => {
    const inline = menus['view/item/context']!.filter(
      (item) =>
        (item as { group?: string }).group?.startsWith('inline') &&
        item.when?.includes('view == applianceForge.images'),
    );
    const actionsFor = (contextValue: string): string[] =>
      inline
        .filter(({ when }) => new RegExp(/viewItem =~ \/(.+)\/$/.exec(when ?? '')![1]!).test(contextValue))
        .map(({ command }) => command.replace('applianceForge.', ''));
    assert.deepEqual(actionsFor('ticket.running.definition'), ['cancel', 'showLog']);
    assert.deepEqual(actionsFor('ticket.waiting'), ['cancel', 'showLog']);
    assert.deepEqual(actionsFor('ticket.done.downloadable.definition'), [
      ...['startImage', 'download', 'showLog', 'delete'],
    ]);
    assert.deepEqual(actionsFor('ticket.done'), ['showLog', 'delete']);
    assert.deepEqual(actionsFor('ticket.failed.definition'), ['generateAgain', 'showLog', 'delete']);
    assert.deepEqual(actionsFor('ticket.cancelled'), ['generateAgain', 'showLog', 'delete']);
    assert.deepEqual(actionsFor('appliance'), []);
  });

  it('offers to start files that look like an image, and no others', () => {
    const when = menus['explorer/context']!.find(({ command }) => command.endsWith('.startImage'))?.when;
    const looks = new RegExp(/resourceFilename =~ \/(.+)\/i/.exec(when ?? '')![1]!, 'i');
    for (const name of [
      ...[
        'a.ova',
        'a.box',
        'a.qcow2',
        'a.vmdk',
        'a.vdi',
        'a.vhd',
        'a.vhd.gz',
        'a.vhdx',
        'a.vhdx.gz',
        'A.ISO',
      ],
      ...['a.raw', 'a.raw.gz', 'a.img', 'nginx_1.0rev1_kvm.tar', 'nginx_1.0rev1_gce.tar.gz'],
    ])
      assert.ok(looks.test(name), name);
    for (const name of ['a.gz', 'sources.tar', 'sources.tar.gz', 'a.log.gz', 'rawdata', 'template.yml'])
      assert.ok(!looks.test(name), name);
  });

  it('names its views in a container of its own', () => {
    assert.deepEqual(
      views['applianceForge']?.map(({ id }) => id),
      [
        'applianceForge.images',
        'applianceForge.machines',
        'applianceForge.appliances',
        'applianceForge.cloudAccounts',
      ],
    );
  });
});
