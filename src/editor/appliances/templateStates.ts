import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import { definitionKindByExtension, templateLanguageOf } from '../../appliance/find/definitions.ts';
import { readDefinition } from '../../appliance/find/readRegularFile.ts';
import type { Appliance } from '../../uforge/dto.ts';
import { hasContent, isOfPushed, type PushMemory } from '../../generate/pushMemory.ts';
import { findDefinitions } from '../definitions/files.ts';

/** How a template stands to the appliance of its name and version on the server. */
export type Difference =
  /** The server has no such appliance. */
  | 'absent'
  /** What was pushed from here last is what the files say. */
  | 'same'
  /** The files have changed since they were pushed. */
  | 'changed'
  /** Somebody else made it: nobody here knows what is in it. */
  | 'foreign'
  /** The template can't be read. */
  | 'broken'
  /** The server has not been asked yet, or what the template names is not read here. */
  | 'unknown';

/** A template of the workspace beside what the server has of it. */
export interface TemplateState {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly version: string;
  readonly difference: Difference;
  readonly appliance?: Appliance;
  /** Files and folders it names, as paths of this computer. */
  readonly sources: readonly string[];
}

/**
 * Reads the workspace's templates and compares them with a server's appliances; with none where nobody knows
 * which it has.
 */
export async function compareTemplates(
  server: string,
  appliances: readonly Appliance[] | undefined,
  memory: PushMemory,
): Promise<readonly TemplateState[]> {
  const files = (await findDefinitions()).filter(
    ({ scheme, path }) => scheme === 'file' && definitionKindByExtension(path) === 'template',
  );
  return Promise.all(files.map((uri) => compare(uri, server, appliances, memory)));
}

async function compare(
  uri: vscode.Uri,
  server: string,
  appliances: readonly Appliance[] | undefined,
  memory: PushMemory,
): Promise<TemplateState> {
  const { parseTemplate } = await import('../../appliance/template/parseTemplate.ts');
  const text = await readDefinition(uri.fsPath).catch(() => '');
  const parsed = parseTemplate(text, templateLanguageOf(uri.path) ?? 'yaml');
  const { template } = parsed;
  if (template === undefined) {
    const name = vscode.workspace.asRelativePath(uri);
    return { uri, name, version: '', difference: 'broken', sources: [] };
  }
  const { namedSources } = await import('../../appliance/archive/outsideSources.ts');
  const { isRemote } = await import('../../appliance/archive/layout.ts');
  const named = namedSources(parsed);
  const local = named.filter(({ source }) => !isRemote(source));
  const { name, version } = template.stack;
  const sources = local.map(({ source }) => resolve(dirname(uri.fsPath), source));
  const state = { uri, name, version, sources };
  if (appliances === undefined) return { ...state, difference: 'unknown' };
  const appliance = appliances.find((each) => each.name === name && each.version === version);
  if (appliance === undefined) return { ...state, difference: 'absent' };
  const pushed = await memory.get({ server, name, version });
  if (pushed === undefined || !isOfPushed(appliance, pushed)) {
    return { ...state, appliance, difference: 'foreign' };
  }
  const { packTemplate, OutsideSourcesRefused } = await import('../../appliance/archive/packTemplate.ts');
  // Nothing is sent: it is compared with what was pushed from here. Nothing is fetched for it either.
  if (named.some(({ source, optional }) => isRemote(source) && optional !== true)) {
    return { ...state, appliance, difference: 'unknown' };
  }
  const mayPackOutside = (): boolean => vscode.workspace.isTrusted;
  const difference = await packTemplate(uri.fsPath, { mayPackOutside }).then(
    ({ digest }): Difference => (hasContent(pushed, digest) ? 'same' : 'changed'),
    (error: unknown): Difference => (error instanceof OutsideSourcesRefused ? 'unknown' : 'broken'),
  );
  return { ...state, appliance, difference };
}
