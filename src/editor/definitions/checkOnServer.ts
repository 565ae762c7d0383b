import * as vscode from 'vscode';
import { definitionKindByExtension, templateLanguageOf } from '../../appliance/find/definitions.ts';
import type { ServerKnowledge } from '../../appliance/catalog/serverKnowledge.ts';
import { hasErrors, type Problem } from '../../appliance/text/problem.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import { UForgeError } from '../../uforge/errors.ts';
import { parseApplianceUri, parseImageUri } from '../../uforge/uris.ts';
import { ActionableError } from '../errors.ts';
import { inform, showError, warn } from '../messages.ts';
import { withProgress } from '../progress.ts';
import type { Knowledge } from '../server/knowledge.ts';
import type { Servers } from '../server/servers.ts';
import type { DefinitionChecks } from './checks.ts';
import type { DefinitionDiagnostics } from './diagnostics.ts';
import { pickDefinition } from './files.ts';
import { kindOfDocument } from './kindOfDocument.ts';
import { countsOf } from './problemCounts.ts';
import { nameOf, openDefinition } from './read.ts';

export interface ServerCheck {
  readonly checks: DefinitionChecks;
  readonly diagnostics: DefinitionDiagnostics;
  readonly knowledge: Knowledge;
  readonly servers: Servers;
}

/**
 * Asks the server for everything a definition names, and says in one sentence what came of it; the problems
 * are in the panel. Resolves with them, or with nothing when the person changed their mind.
 */
export async function checkOnServer(
  argument: unknown,
  { checks, diagnostics, knowledge, servers }: ServerCheck,
): Promise<readonly Problem[] | undefined> {
  const uri = argument instanceof vscode.Uri ? argument : (activeDefinition() ?? (await askForDefinition()));
  if (uri === undefined) return undefined;
  const document = await openDefinition(uri);
  const title = vscode.l10n.t('Checking {0}', nameOf(uri));
  const outcome = await withProgress(title, async (report, signal) => {
    report({ message: vscode.l10n.t('asking the server what it has') });
    const known = await knowledge.ask(signal);
    report({ message: vscode.l10n.t('asking for packages') });
    const packages = await askForPackages(document, known, knowledge, signal);
    return { known, packages, absent: await absentObjects(document, servers, signal) };
  });
  if (outcome.kind === 'cancelled') return undefined;
  const { known, packages, absent } = outcome.value;
  const problems = await checks.problemsOf(document);
  if (problems === undefined) {
    throw new ActionableError(vscode.l10n.t('{0} is neither a request nor a template.', nameOf(uri)));
  }
  await diagnostics.check(document);
  tell(uri, problems, known, packages, absent);
  return problems;
}

export function activeDefinition(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document && kindOfDocument(document) !== undefined ? document.uri : undefined;
}

function askForDefinition(): Promise<vscode.Uri | undefined> {
  return pickDefinition({
    title: vscode.l10n.t('Check against Server'),
    placeHolder: vscode.l10n.t('Definition to check'),
  });
}

/** Why packages could not be asked for: some servers only know theirs after a first build. */
async function askForPackages(
  document: vscode.TextDocument,
  known: ServerKnowledge,
  knowledge: Knowledge,
  signal: AbortSignal,
): Promise<unknown> {
  if (definitionKindByExtension(document.uri.path) !== 'template') return undefined;
  const { parseTemplate } = await import('../../appliance/template/parseTemplate.ts');
  const { distributionOf } = await import('../../appliance/catalog/serverKnowledge.ts');
  const language = templateLanguageOf(document.uri.path) ?? 'yaml';
  const os = parseTemplate(document.getText(), language).template?.stack.os;
  const distribution = os && distributionOf(known.distributions ?? [], os);
  if (distribution === undefined) return undefined;
  const names = (os?.pkgs ?? []).flatMap(({ name }) => name ?? []);
  try {
    await knowledge.profiles(distribution, signal);
    await knowledge.missingPackages(distribution, names, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return error;
  }
}

/** The appliances and images a request names by their addresses and the server does not have. */
async function absentObjects(
  document: vscode.TextDocument,
  servers: Servers,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (definitionKindByExtension(document.uri.path) !== 'representation') return [];
  const { outlineOf } = await import('../../appliance/language/outline.ts');
  const named = new Set(outlineOf('representation', document.getText()).objects.map(({ uri }) => uri));
  if (named.size === 0) return [];
  const client = await servers.client(servers.current, signal);
  const absent: string[] = [];
  for (const each of named) if (!(await isThere(client, each, signal))) absent.push(each);
  return absent;
}

/** Whether the server has the appliance or the image of that URI. */
async function isThere(client: UForgeClient, uri: string, signal: AbortSignal): Promise<boolean> {
  const image = parseImageUri(uri);
  const appliance = parseApplianceUri(uri);
  if (appliance === undefined) return false;
  try {
    if (image === undefined) await client.appliance_get(appliance, { signal });
    else await client.machineImage_get(image, { signal });
    return true;
  } catch (error) {
    if (error instanceof UForgeError && error.kind === 'notFound') return false;
    throw error;
  }
}

function tell(
  uri: vscode.Uri,
  problems: readonly Problem[],
  { server }: ServerKnowledge,
  packages: unknown,
  absent: readonly string[],
): void {
  for (const each of absent) {
    void showError(vscode.l10n.t('{0}: {1} does not have {2}.', nameOf(uri), server, each));
  }
  if (packages instanceof Error) {
    void warn(vscode.l10n.t('{0}: packages could not be checked. {1}', nameOf(uri), packages.message));
  }
  if (problems.length === 0) {
    if (absent.length > 0) return;
    void inform(
      vscode.l10n.t('{0}: nothing is wrong, and {1} has everything it names.', nameOf(uri), server),
    );
    return;
  }
  const show = vscode.l10n.t('Show Problems');
  const message = vscode.l10n.t('{0} on {1}: {2}.', nameOf(uri), server, countsOf(problems));
  const box = hasErrors(problems) ? showError(message, show) : warn(message, show);
  void box.then(
    (answer) => answer === show && vscode.commands.executeCommand('workbench.actions.view.problems'),
  );
}
