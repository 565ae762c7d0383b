import { extname, sep } from 'node:path';
import * as vscode from 'vscode';
import { definitionKind } from '../../appliance/find/definitions.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { Appliance } from '../../uforge/dto.ts';
import { visibleLine } from '../../uforge/visibleText.ts';
import type { PushMemory } from '../../generate/pushMemory.ts';
import type { ErrorReporter } from '../errors.ts';
import { colouredIcon } from '../images/appearance.ts';
import type { ShownServer } from '../server/serverInCharge.ts';
import type { Servers } from '../server/servers.ts';
import { oneAtATime } from '../oneAtATime.ts';
import type { Revisions } from './revisions.ts';
import { compareTemplates, type Difference, type TemplateState } from './templateStates.ts';

/** A row of the Appliances view. */
export type ApplianceNode =
  | { readonly kind: 'workspace' }
  | { readonly kind: 'server'; readonly server: string }
  | { readonly kind: 'template'; readonly state: TemplateState }
  | { readonly kind: 'serverAppliance'; readonly server: string; readonly appliance: Appliance };

export interface AppliancesContext {
  readonly servers: Servers;
  readonly revisions: Revisions;
  readonly memory: PushMemory;
  readonly clock: Clock;
  readonly errors: ErrorReporter;
}

/** What changes together is compared once, ms. */
const quietMs = 300;

/**
 * The templates of the workspace, each with how it stands to the server that builds, and the appliances of
 * every server. Everything is read before it is shown: no row waits for a server.
 */
export class AppliancesView implements vscode.TreeDataProvider<ApplianceNode>, vscode.Disposable {
  readonly #context: AppliancesContext;
  readonly #view: vscode.TreeView<ApplianceNode>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable;
  /** What templates are made of may come, change and go without the editor: by git, a terminal, a wizard. */
  readonly #files = vscode.workspace.createFileSystemWatcher('**/*');
  #templates: readonly TemplateState[] = [];
  #soon: Disposable | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(context: AppliancesContext) {
    this.#context = context;
    this.#view = vscode.window.createTreeView('applianceForge.appliances', { treeDataProvider: this });
    const again = (): void => void this.refresh();
    const compare = (): void => void this.#compare();
    const follow = ({ fsPath }: vscode.Uri): void => {
      if (!this.#isPartOfTemplate(fsPath)) return;
      this.#soon?.[Symbol.dispose]();
      this.#soon = context.clock.schedule(quietMs, compare);
    };
    this.#subscriptions = vscode.Disposable.from(
      this.#view,
      this.#changed,
      this.#view.onDidChangeVisibility(again),
      context.revisions.onDidChange(compare),
      context.servers.onDidChange(() => {
        // What is known of the new one first: the old one's states are nobody's.
        compare();
        again();
      }),
      this.#files,
      this.#files.onDidCreate(follow),
      this.#files.onDidChange(follow),
      this.#files.onDidDelete(follow),
      // What lies outside of the workspace is not watched.
      vscode.window.onDidChangeWindowState(({ focused }) => focused && compare()),
      new vscode.Disposable(() => this.#soon?.[Symbol.dispose]()),
    );
  }

  /** Whom the templates are compared with stands beside the title. */
  showServer({ label }: ShownServer): void {
    this.#view.description = visibleLine(label);
  }

  getChildren(node?: ApplianceNode): ApplianceNode[] {
    const { servers, revisions } = this.#context;
    switch (node?.kind) {
      case undefined: {
        const known = servers.all.filter((server) => (revisions.of(server) ?? []).length > 0);
        const here: ApplianceNode[] = this.#templates.length > 0 ? [{ kind: 'workspace' }] : [];
        return [...here, ...known.map((server): ApplianceNode => ({ kind: 'server', server }))];
      }
      case 'workspace':
        return this.#templates.map((state) => ({ kind: 'template', state }));
      case 'server':
        return (revisions.of(node.server) ?? [])
          .toSorted((a, b) => labelOf(a).localeCompare(labelOf(b)))
          .map((appliance) => ({ kind: 'serverAppliance', server: node.server, appliance }));
      default:
        return [];
    }
  }

  getTreeItem(node: ApplianceNode): vscode.TreeItem {
    const { Expanded } = vscode.TreeItemCollapsibleState;
    switch (node.kind) {
      case 'workspace':
        return itemOf('workspace', vscode.l10n.t('Workspace'), 'root-folder', Expanded);
      case 'server':
        return itemOf(node.server, this.#context.servers.label(node.server), 'server', Expanded);
      case 'template':
        return templateItem(node.state, this.#hasTwin(node.state));
      case 'serverAppliance':
        return serverItem(node.server, node.appliance);
    }
  }

  /** Reads servers that can be asked without asking the person, then compares. Never rejects. */
  readonly refresh = oneAtATime(() => this.#refresh());
  readonly #compare = oneAtATime(() => this.#compareAll());

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** Whether another template has the same name and version, so that only its folder tells them apart. */
  #hasTwin({ uri, name, version }: TemplateState): boolean {
    return this.#templates.some(
      (other) => other.name === name && other.version === version && other.uri.path !== uri.path,
    );
  }

  /** Whether a path is a template, or one of its files, or a folder that may have had or now has one in it. */
  #isPartOfTemplate(path: string): boolean {
    if (/[\\/](node_modules|\.git)[\\/]/.test(path)) return false;
    if (definitionKind(path) === 'template' || extname(path) === '') return true;
    const isIn = (folder: string, inside: string): boolean =>
      inside === folder || inside.startsWith(`${folder}${sep}`);
    return this.#templates.some(
      ({ uri, sources }) => isIn(path, uri.fsPath) || sources.some((each) => isIn(each, path)),
    );
  }

  async #refresh(): Promise<void> {
    if (!this.#view.visible) return;
    const { servers, revisions, errors } = this.#context;
    await Promise.all(
      servers.all.map(async (server) => {
        try {
          if (await servers.isReady(server)) await revisions.refresh(server);
        } catch (error) {
          errors.note(`Listing the appliances of ${servers.label(server)}`, error);
        }
      }),
    );
    await this.#compare();
  }

  async #compareAll(): Promise<void> {
    if (!this.#view.visible) return;
    const { servers, revisions, memory, errors } = this.#context;
    try {
      const server = servers.current;
      this.#templates = await compareTemplates(server, revisions.of(server), memory);
    } catch (error) {
      errors.note('Comparing the templates', error);
    }
    this.#changed.fire();
  }
}

const icons: Readonly<Record<Difference, readonly [icon: string, colour?: string]>> = {
  absent: ['cloud-upload', 'charts.blue'],
  same: ['pass', 'testing.iconPassed'],
  changed: ['diff-modified', 'gitDecoration.modifiedResourceForeground'],
  foreign: ['question', 'charts.yellow'],
  broken: ['error', 'testing.iconFailed'],
  unknown: ['circle-outline'],
};

/** In a word or two: a narrow side bar cuts the end off. The tooltip says it in full. */
function differenceLabel(difference: Difference): readonly [short: string, full: string] {
  switch (difference) {
    case 'absent':
      return [vscode.l10n.t('not pushed'), vscode.l10n.t('The server has no such appliance.')];
    case 'same':
      return [vscode.l10n.t('in step'), vscode.l10n.t('The server has what the files say.')];
    case 'changed':
      return [
        vscode.l10n.t('changed'),
        vscode.l10n.t('The files have changed since they were pushed or pulled.'),
      ];
    case 'foreign':
      return [
        vscode.l10n.t('not from here'),
        vscode.l10n.t('The server has an appliance of this name that was pushed or changed elsewhere.'),
      ];
    case 'broken':
      return [vscode.l10n.t('has errors'), vscode.l10n.t('The template can’t be packed: it has errors.')];
    case 'unknown':
      return [
        vscode.l10n.t('not compared'),
        vscode.l10n.t(
          'The server has not been asked yet, or the template names what is not read for a comparison.',
        ),
      ];
  }
}

function templateItem(
  { uri, name, version, difference, appliance }: TemplateState,
  withFolder: boolean,
): vscode.TreeItem {
  const folder = vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, '..'));
  const [short, full] = differenceLabel(difference);
  const said = withFolder ? `${short} · ${folder}` : short;
  const label = `${name} ${version}`.trim();
  const item = new vscode.TreeItem(visibleLine(label));
  item.id = `template:${uri.toString()}`;
  item.description = visibleLine(said);
  item.iconPath = colouredIcon(...icons[difference]);
  item.contextValue = `template.${difference}`;
  const revision =
    appliance?.revision === undefined ? '' : ` · ${vscode.l10n.t('revision {0}', appliance.revision)}`;
  item.tooltip = `${vscode.workspace.asRelativePath(uri)}${revision}\n${full}`;
  item.accessibilityInformation = { label: `${label}, ${said}` };
  item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri] };
  return item;
}

function serverItem(server: string, appliance: Appliance): vscode.TreeItem {
  const { uri = '', revision, distributionName, lastModified } = appliance;
  const item = new vscode.TreeItem(visibleLine(labelOf(appliance)));
  const said = [
    distributionName,
    revision === undefined ? undefined : vscode.l10n.t('revision {0}', revision),
  ];
  item.id = `appliance:${server}/${uri}`;
  item.description = visibleLine(said.filter((part) => part !== undefined).join(' · '));
  item.iconPath = new vscode.ThemeIcon('package');
  item.contextValue = 'serverAppliance';
  item.tooltip = [visibleLine(uri), lastModified?.toLocaleString(vscode.env.language)]
    .filter(Boolean)
    .join('\n');
  item.accessibilityInformation = { label: `${labelOf(appliance)}, ${item.description}` };
  return item;
}

function itemOf(
  id: string,
  label: string,
  icon: string,
  state: vscode.TreeItemCollapsibleState,
): vscode.TreeItem {
  const item = new vscode.TreeItem(label, state);
  item.id = `root:${id}`;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = id;
  return item;
}

function labelOf({ name = '', version = '' }: Appliance): string {
  return `${name} ${version}`.trim();
}
