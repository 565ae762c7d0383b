import { stringify } from 'yaml';
import type { TemplateObject } from './types.ts';

/** A template: what to install (`stack`) and for which target formats (`builders`). Sizes in MB. */
export type Template = TemplateObject<'Template'>;
export type Stack = TemplateObject<'Stack'>;
export type Os = TemplateObject<'Os'>;
export type Package = TemplateObject<'Package'>;
export type Repository = TemplateObject<'Repository'>;
export type DebconfAnswer = TemplateObject<'DebconfAnswer'>;
export type Installation = TemplateObject<'Installation'>;
export type RootUser = TemplateObject<'RootUser'>;
export type BootScript = TemplateObject<'BootScript'>;
export type Bundle = TemplateObject<'Bundle'>;
export type BundleFile = TemplateObject<'BundleFile'>;
export type Builder = TemplateObject<'Builder'>;
export type User = TemplateObject<'User'>;
export type Nic = TemplateObject<'Nic'>;
export type Bond = TemplateObject<'Bond'>;
export type Vlan = TemplateObject<'Vlan'>;
export type Route = TemplateObject<'Route'>;
export type TextFile = TemplateObject<'TextFile'>;
export type IpAddress = TemplateObject<'IpAddress'>;
export type Partitioning = TemplateObject<'Partitioning'>;
export type Disk = TemplateObject<'Disk'>;
export type Partition = TemplateObject<'Partition'>;
export type LogicalVolume = TemplateObject<'LogicalVolume'>;
export type Test = TemplateObject<'Test'>;

export type TemplateLanguage = 'yaml' | 'json';

/** Writes a template. The YAML is the same to who reads it as YAML 1.1, as hammr does, and to who reads it as 1.2. */
export function printTemplate(template: Template, language: TemplateLanguage): string {
  if (language === 'json') return `${JSON.stringify(template, null, 2)}\n`;
  return stringify(template, { version: '1.1', aliasDuplicateObjects: false });
}
