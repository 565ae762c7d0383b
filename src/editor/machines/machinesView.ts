import * as vscode from 'vscode';
import type { Forwarded, Machine, MachineState } from '../../machines/index.ts';
import type { Clock } from '../../uforge/clock.ts';
import { visibleLine } from '../../uforge/visibleText.ts';
import { commandId } from '../commandIds.ts';
import { colouredIcon } from '../images/appearance.ts';
import type { Machines, WindowMachine } from './machines.ts';
import { addressOf } from './ports.ts';

/** A port of a machine that is reached on this computer. */
export interface PortRow {
  readonly machine: Machine;
  readonly port: Forwarded;
}

export type MachineRow = WindowMachine | PortRow;

const viewId = 'applianceForge.machines';
const minuteMs = 60_000;

/** The machines of this window with state, uptime, memory and accelerator; below each, its ports. */
export class MachinesView implements vscode.TreeDataProvider<MachineRow>, vscode.Disposable {
  readonly #machines: Machines;
  readonly #clock: Clock;
  readonly #view: vscode.TreeView<MachineRow>;
  readonly #subscriptions: vscode.Disposable;
  readonly #changed = new vscode.EventEmitter<void>();
  #timer: Disposable | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(machines: Machines, clock: Clock) {
    this.#machines = machines;
    this.#clock = clock;
    this.#view = vscode.window.createTreeView(viewId, { treeDataProvider: this });
    this.#subscriptions = vscode.Disposable.from(
      this.#view,
      this.#changed,
      machines.onDidChange(() => this.#changed.fire()),
      this.#view.onDidChangeVisibility(() => this.#tick()),
    );
    this.#tick();
  }

  getTreeItem(row: MachineRow): vscode.TreeItem {
    return 'port' in row ? portItem(row) : machineItem(row, this.#clock.now());
  }

  getChildren(row?: MachineRow): MachineRow[] {
    if (row === undefined) return [...this.#machines.all];
    return 'port' in row ? [] : row.machine.ports.map((port) => ({ machine: row.machine, port }));
  }

  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${viewId}.focus`);
  }

  dispose(): void {
    this.#timer?.[Symbol.dispose]();
    this.#subscriptions.dispose();
  }

  /** Time passes for who is looking. */
  #tick(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (!this.#view.visible) return;
    this.#changed.fire();
    this.#timer = this.#clock.schedule(minuteMs, () => this.#tick());
  }
}

function machineItem({ machine, title }: WindowMachine, now: number): vscode.TreeItem {
  const { id, state, memoryMb, accelerator, startedAt, image } = machine;
  const item = new vscode.TreeItem(visibleLine(title), vscode.TreeItemCollapsibleState.Expanded);
  const parts = [
    stateLabel(state),
    uptime(now - startedAt),
    ...(memoryMb === 0 ? [] : [vscode.l10n.t('{0} MB', memoryMb)]),
    acceleratorLabel(accelerator),
  ];
  item.id = id;
  item.description = parts.join(' · ');
  item.iconPath = iconOf(state);
  item.contextValue = ['machine', state, ...(machine.screen === undefined ? [] : ['screen'])].join('.');
  item.tooltip = visibleLine(image.path);
  item.accessibilityInformation = { label: [title, ...parts].join(', ') };
  item.command = {
    command: commandId('showConsole'),
    title: vscode.l10n.t('Show Console'),
    arguments: [{ machine: { id } }],
  };
  return item;
}

function portItem({ machine, port }: PortRow): vscode.TreeItem {
  const ssh = port.guest === 22;
  const label = ssh ? vscode.l10n.t('Port {0} (SSH)', port.guest) : vscode.l10n.t('Port {0}', port.guest);
  const item = new vscode.TreeItem(label);
  item.id = `${machine.id}:${port.guest}`;
  item.description = addressOf(port);
  item.iconPath = new vscode.ThemeIcon(ssh ? 'remote' : 'globe');
  item.contextValue = ssh ? 'port.ssh' : 'port.web';
  item.accessibilityInformation = { label: `${label}, ${addressOf(port)}` };
  return item;
}

function iconOf(state: MachineState): vscode.ThemeIcon {
  switch (state) {
    case 'starting':
      return colouredIcon('loading~spin', 'charts.blue');
    case 'running':
      return colouredIcon('vm-running', 'charts.green');
    case 'paused':
      return colouredIcon('debug-pause', 'charts.yellow');
    case 'ended':
      return colouredIcon('vm-outline', 'disabledForeground');
  }
}

function stateLabel(state: MachineState): string {
  switch (state) {
    case 'starting':
      return vscode.l10n.t('Starting');
    case 'running':
      return vscode.l10n.t('Running');
    case 'paused':
      return vscode.l10n.t('Paused');
    case 'ended':
      return vscode.l10n.t('Ended');
  }
}

/** KVM runs on the processor; without it QEMU does all of its work, several times slower. */
function acceleratorLabel(accelerator: Machine['accelerator']): string {
  switch (accelerator) {
    case 'kvm':
      return 'KVM';
    case 'tcg':
      return vscode.l10n.t('emulated (TCG)');
    case 'container':
      return vscode.l10n.t('container');
  }
}

/** Whole minutes: nobody wants seconds to run in a row. */
function uptime(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / minuteMs);
  if (minutes < 1) return vscode.l10n.t('under 1 min');
  if (minutes < 60) return vscode.l10n.t('{0} min', minutes);
  return vscode.l10n.t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}
