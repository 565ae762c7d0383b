import * as vscode from 'vscode';
import { platformOf } from '../../appliance/catalog/platformOf.ts';
import type { CloudAccount } from '../../generate/cloudAccount.ts';
import { visibleLine } from '../../uforge/visibleText.ts';
import type { ErrorReporter } from '../errors.ts';
import { pickOne } from '../inputs.ts';
import { confirmed, inform, warn } from '../messages.ts';
import { withProgress } from '../progress.ts';
import { serverIn, type Servers } from '../server/servers.ts';

const viewId = 'applianceForge.cloudAccounts';

/** A row: a server, where several have accounts, or an account. */
export type AccountNode =
  | { readonly kind: 'accountServer'; readonly server: string }
  | { readonly kind: 'account'; readonly server: string; readonly account: CloudAccount };

export interface CloudAccountsContext {
  readonly servers: Servers;
  readonly errors: ErrorReporter;
}

/**
 * The accounts at target platforms that servers keep. They are read when somebody looks, and what is shown has no
 * secret in it: servers take them and never give them.
 */
export class CloudAccountsView implements vscode.TreeDataProvider<AccountNode>, vscode.Disposable {
  readonly #context: CloudAccountsContext;
  readonly #view: vscode.TreeView<AccountNode>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable;
  #accounts: ReadonlyMap<string, readonly CloudAccount[]> = new Map();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(context: CloudAccountsContext) {
    this.#context = context;
    this.#view = vscode.window.createTreeView(viewId, { treeDataProvider: this });
    const again = (): void => void this.refresh();
    this.#subscriptions = vscode.Disposable.from(
      this.#view,
      this.#changed,
      this.#view.onDidChangeVisibility(again),
      context.servers.onDidChange(again),
    );
  }

  getChildren(node?: AccountNode): AccountNode[] {
    const servers = [...this.#accounts]
      .filter(([, accounts]) => accounts.length > 0)
      .map(([server]) => server);
    if (node === undefined && servers.length > 1)
      return servers.map((server) => ({ kind: 'accountServer', server }));
    const shown = node === undefined ? servers : [node.server];
    return shown.flatMap((server) =>
      (this.#accounts.get(server) ?? []).map((account): AccountNode => ({
        kind: 'account',
        server,
        account,
      })),
    );
  }

  getTreeItem(node: AccountNode): vscode.TreeItem {
    const label = this.#context.servers.label(node.server);
    if (node.kind === 'accountServer') {
      const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
      item.id = node.server;
      item.iconPath = new vscode.ThemeIcon('server');
      item.contextValue = node.kind;
      return item;
    }
    const { name = '', $type = '', uri = '', secretsMissing } = node.account;
    const item = new vscode.TreeItem(visibleLine(name));
    const missing = secretsMissing === true ? ` · ${vscode.l10n.t('secrets missing')}` : '';
    item.id = `${node.server}/${uri}`;
    item.description = `${platformOf($type)}${missing}`;
    item.iconPath = new vscode.ThemeIcon(secretsMissing === true ? 'warning' : 'key');
    item.contextValue = 'account';
    item.tooltip =
      secretsMissing === true
        ? vscode.l10n.t(
            '{0} can’t read this account’s secrets any more. Edit it and enter them again.',
            label,
          )
        : vscode.l10n.t('{0} keeps this account.', label);
    item.accessibilityInformation = {
      label: vscode.l10n.t('Cloud account {0}, {1}', name, item.description),
    };
    return item;
  }

  /** Reads servers that can be asked without asking the person. Never rejects. */
  async refresh(): Promise<void> {
    if (!this.#view.visible) return;
    const { servers, errors } = this.#context;
    const found = await Promise.all(
      servers.all.map(async (server): Promise<readonly [string, readonly CloudAccount[]]> => {
        try {
          if (!(await servers.isReady(server))) return [server, []];
          const { cloudAccountsOn } = await accounts();
          return [server, await cloudAccountsOn(await servers.client(server))];
        } catch (error) {
          errors.note(`Listing the cloud accounts of ${servers.label(server)}`, error);
          return [server, this.#accounts.get(server) ?? []];
        }
      }),
    );
    this.#accounts = new Map(found);
    this.#changed.fire();
  }

  /** On the server that is named, else on the one that builds. */
  async add(argument: unknown): Promise<CloudAccount | undefined> {
    const { servers } = this.#context;
    const server = serverIn(argument) ?? servers.current;
    const { addAccount } = await import('./accountForm.ts');
    const added = await addAccount(await servers.client(server), servers.label(server));
    await this.refresh();
    return added;
  }

  async edit(argument: unknown): Promise<void> {
    const chosen = await this.#accountFor(argument, vscode.l10n.t('Edit Cloud Account'));
    if (chosen === undefined) return;
    const { editAccount } = await import('./accountForm.ts');
    await editAccount(await this.#context.servers.client(chosen.server), chosen.account);
    await this.refresh();
  }

  async delete(argument: unknown): Promise<void> {
    const chosen = await this.#accountFor(argument, vscode.l10n.t('Delete Cloud Account'));
    if (chosen === undefined) return;
    const { server, account } = chosen;
    const { servers } = this.#context;
    const sure = await confirmed(
      vscode.l10n.t('Delete the cloud account {0} from {1}?', account.name ?? '', servers.label(server)),
      vscode.l10n.t('Its secrets are gone with it. What was published with it stays at the platform.'),
      vscode.l10n.t('Delete'),
    );
    if (!sure) return;
    const { accountId } = await accounts();
    await (await servers.client(server)).cloudAccount_delete(accountId(account));
    await this.refresh();
  }

  /** Whether the platform lets the account in, before anything is uploaded: the server asks it what it has. */
  async test(argument: unknown): Promise<void> {
    const chosen = await this.#accountFor(argument, vscode.l10n.t('Test Cloud Account'));
    if (chosen === undefined) return;
    const { server, account } = chosen;
    const { name = '', $type = '' } = account;
    const title = vscode.l10n.t('Testing {0}', name);
    const outcome = await withProgress(title, async (_report, signal) => {
      const { accountId } = await accounts();
      const client = await this.#context.servers.client(server, signal);
      return await client.cloudAccountResources_get(accountId(account), { signal });
    });
    if (outcome.kind === 'cancelled') return;
    const { resources = [] } = outcome.value;
    if (resources.length > 0) void inform(vscode.l10n.t('{0} lets {1} in.', platformOf($type), name));
    else
      void warn(
        vscode.l10n.t(
          '{0} says nothing of what {1} offers this account. Whether it lets {2} in shows when you publish.',
          this.#context.servers.label(server),
          platformOf($type),
          name,
        ),
      );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** The account of the row, else the one the person picks among those of the server that builds. */
  async #accountFor(
    argument: unknown,
    title: string,
  ): Promise<Extract<AccountNode, { readonly kind: 'account' }> | undefined> {
    if (isAccount(argument)) return argument;
    const { servers } = this.#context;
    const server = servers.current;
    const { cloudAccountsOn } = await accounts();
    const all = await cloudAccountsOn(await servers.client(server));
    if (all.length === 0) {
      void inform(vscode.l10n.t('There is no cloud account on {0}.', servers.label(server)));
      return undefined;
    }
    const rows = all.map((account) => ({
      account,
      label: account.name ?? '',
      description: platformOf(account.$type ?? ''),
    }));
    const picked = await pickOne(rows, { title, placeHolder: vscode.l10n.t('Cloud account') });
    return picked && { kind: 'account', server, account: picked.account };
  }
}

/** Brings the table of all types: read when an account is asked for. */
async function accounts() {
  return await import('../../generate/cloudAccount.ts');
}

function isAccount(node: unknown): node is Extract<AccountNode, { readonly kind: 'account' }> {
  return typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'account';
}
