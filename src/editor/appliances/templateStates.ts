import * as vscode from 'vscode';
import { definitionKindByExtension, templateLanguageOf } from '../../appliance/find/definitions.ts';
import { readDefinition } from '../../appliance/find/readRegularFile.ts';
import { DefinitionError } from '../../appliance/text/definitionError.ts';
import { told } from '../../appliance/text/problem.ts';
import type { Appliance } from '../../uforge/dto.ts';
import { messageOf } from '../../uforge/messageOf.ts';
import type { PushMemory } from '../../generate/pushMemory.ts';
import { displayLanguage } from '../displayLanguage.ts';
import { templateLimit } from '../definitions/read.ts';
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
  | 'broken';

/** A template of the workspace beside what the server has of it. */
export interface TemplateState {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly version: string;
  readonly difference: Difference;
  readonly appliance?: Appliance;
  /** Why it can’t be packed. */
  readonly problem?: string;
}

/** Reads the workspace's templates and compares them with a server's appliances. */
export async function compareTemplates(
  server: string,
  appliances: readonly Appliance[],
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
  appliances: readonly Appliance[],
  memory: PushMemory,
): Promise<TemplateState> {
  const { parseTemplate } = await import('../../appliance/template/parseTemplate.ts');
  const text = await readDefinition(uri.fsPath).catch(() => '');
  const { template } = parseTemplate(text, templateLanguageOf(uri.path) ?? 'yaml');
  if (template === undefined) {
    return { uri, name: vscode.workspace.asRelativePath(uri), version: '', difference: 'broken' };
  }
  const { name, version } = template.stack;
  const appliance = appliances.find((each) => each.name === name && each.version === version);
  if (appliance === undefined) return { uri, name, version, difference: 'absent' };
  const pushed = await memory.get({ server, name, version });
  if (pushed === undefined) return { uri, name, version, appliance, difference: 'foreign' };
  const { packTemplate } = await import('../../appliance/archive/packTemplate.ts');
  const { keptSources } = await import('../../generate/fetchSource.ts');
  // Nothing is sent: it is compared with what was pushed from here, and with what addresses gave then.
  const { isTrusted } = vscode.workspace;
  try {
    const { digest } = await packTemplate(uri.fsPath, {
      mayPackOutside: () => isTrusted,
      workingFolder: templateLimit(uri.fsPath),
      fetchSource: isTrusted ? keptSources() : undefined,
    });
    const difference = digest === pushed.digest ? 'same' : 'changed';
    return { uri, name, version, appliance, difference };
  } catch (error) {
    const problem = await problemIn(error);
    return { uri, name, version, appliance, difference: 'broken', problem };
  }
}

/** The first thing that keeps a template from being packed. */
async function problemIn(error: unknown): Promise<string> {
  if (!(error instanceof DefinitionError)) return messageOf(error);
  const problems = told(error.findings, await displayLanguage());
  const first = problems.find(({ severity }) => severity === 'error');
  return first?.message ?? error.message;
}
