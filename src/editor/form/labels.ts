import * as vscode from 'vscode';
import type { FormSection } from '../../appliance/language/requestForm.ts';

/** What the sections and values of the form are called. */
export function sectionTitle(id: FormSection['id']): string {
  const titles: Readonly<Record<FormSection['id'], string>> = {
    image: vscode.l10n.t('Image'),
    machine: vscode.l10n.t('Machine'),
    disk: vscode.l10n.t('Disk'),
    container: vscode.l10n.t('Container'),
    amazon: vscode.l10n.t('Amazon AWS'),
    system: vscode.l10n.t('System'),
  };
  return titles[id];
}

export function fieldLabel(id: string): string {
  const labels: Readonly<Record<string, string>> = {
    'targetFormat/name': vscode.l10n.t('Target format'),
    compress: vscode.l10n.t('Compress to a file for download'),
    simulated: vscode.l10n.t('Simulate only'),
    forceCheckingDeps: vscode.l10n.t('Always check dependencies'),
    parentUri: vscode.l10n.t('Appliance on the server'),
    'installProfile/memorySize': vscode.l10n.t('Memory'),
    'installProfile/hwType': vscode.l10n.t('Virtual hardware version'),
    'installProfile/diskSize': vscode.l10n.t('Disk size'),
    'installProfile/swapSize': vscode.l10n.t('Swap'),
    'installProfile/partitionAuto': vscode.l10n.t('Partition automatically'),
    entrypoint: vscode.l10n.t('Command'),
    ebs: vscode.l10n.t('On an EBS volume'),
    ebsVolumeSize: vscode.l10n.t('Volume size'),
    'installProfile/keyboard': vscode.l10n.t('Keyboard'),
    'installProfile/timezone': vscode.l10n.t('Time zone'),
    'installProfile/seLinuxMode': vscode.l10n.t('SELinux'),
    'installProfile/welcomeMsg': vscode.l10n.t('Welcome message'),
    'installProfile/skipLicenses': vscode.l10n.t('Skip licences at first boot'),
  };
  return labels[id] ?? id;
}
