import * as vscode from 'vscode';
import { debianReleases } from '../../appliance/catalog/debianReleases.ts';
import type { KnownDistribution } from '../../appliance/catalog/serverKnowledge.ts';
import { isAbort, Refusal } from '../errors.ts';
import { inform, warn } from '../messages.ts';
import { withProgress } from '../progress.ts';
import { activeDefinition, type ServerCheck } from './checkOnServer.ts';
import { pickDefinition } from './files.ts';
import { kindOfDocument } from './kindOfDocument.ts';
import { nameOf, openDefinition } from './read.ts';

type Mover = Pick<ServerCheck, 'diagnostics' | 'knowledge'>;

/**
 * Makes a template for another distribution one for Debian. What that changes is shown as a difference to what is saved,
 * which the person saves or undoes; packages without a name on Debian are problems afterwards. The server is asked which of the
 * packages Debian has; without it, what the table of names does not have keeps its name.
 */
export async function moveToDebian(argument: unknown, mover: Mover): Promise<void> {
  const title = vscode.l10n.t('Move to Debian');
  const placeHolder = vscode.l10n.t('Template to make one for Debian');
  const uri =
    argument instanceof vscode.Uri
      ? argument
      : (activeDefinition() ?? (await pickDefinition({ title, placeHolder, kind: 'template' })));
  if (uri === undefined) return;
  const document = await openDefinition(uri);
  const {
    isForeign,
    moveToDebian: moved,
    packagesIn,
  } = await import('../../appliance/template/moveToDebian.ts');
  const { system, packages } = packagesIn(document.getText());
  if (kindOfDocument(document) !== 'template' || system === '' || !isForeign({ name: system })) {
    throw new Refusal(vscode.l10n.t('{0} is no template for another distribution than Debian.', nameOf(uri)));
  }
  const outcome = await withProgress(vscode.l10n.t('Moving {0} to Debian', nameOf(uri)), (report, signal) => {
    report({ message: vscode.l10n.t('asking for packages') });
    return namesOnDebian(packages, mover.knowledge, signal);
  });
  if (outcome.kind === 'cancelled') return;
  const { version, names, asked } = outcome.value;
  const { text, unknown } = moved(document.getText(), version, (name) => names.get(name));
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  edit.replace(uri, whole, text);
  if (!(await vscode.workspace.applyEdit(edit))) return;
  // Not VS Code's refactoring preview: there what needs a confirmation is not ticked, and Apply does nothing.
  if (!document.isUntitled)
    await vscode.commands.executeCommand('workbench.files.action.compareWithSaved', uri);
  await mover.diagnostics.check(document);
  const done = vscode.l10n.t(
    '{0} is for Debian {1} now. Save it to keep that, or undo it.',
    nameOf(uri),
    version,
  );
  tell(done, unknown, asked);
}

interface Names {
  readonly version: string;
  readonly names: ReadonlyMap<string, string | null>;
  /** The server has said which packages there are. */
  readonly asked: boolean;
}

/** What Debian calls these packages, as far as the table or the server knows. */
async function namesOnDebian(
  packages: readonly string[],
  knowledge: ServerCheck['knowledge'],
  signal: AbortSignal,
): Promise<Names> {
  const { debianGuesses, debianName } = await import('../../appliance/catalog/debianNames.ts');
  const names = new Map<string, string | null>();
  const open: string[] = [];
  for (const name of packages) {
    const known = debianName(name);
    if (known === undefined) open.push(name);
    else names.set(name, known);
  }
  const [newest] = debianReleases;
  try {
    const { distributions = [] } = await knowledge.ask(signal);
    const debian = debianOf(distributions);
    if (debian === undefined) return { version: newest?.version ?? '', names, asked: false };
    const isThere = async (some: readonly string[]): Promise<(name: string) => boolean> => {
      const missing = new Set(await knowledge.missingPackages(debian, some, signal));
      return (name) => !missing.has(name);
    };
    const hasSame = await isThere(open);
    const renamed = open.filter((name) => !hasSame(name));
    const hasGuess = await isThere(renamed.flatMap(debianGuesses));
    for (const name of open) {
      const found = hasSame(name) ? name : debianGuesses(name).find(hasGuess);
      if (found !== undefined) names.set(name, found);
    }
    return { version: debian.version, names, asked: true };
  } catch (error) {
    signal.throwIfAborted();
    if (isAbort(error)) throw error;
    return { version: newest?.version ?? '', names, asked: false };
  }
}

/** The first of our releases that the server has. */
function debianOf(distributions: readonly KnownDistribution[]): KnownDistribution | undefined {
  return debianReleases
    .flatMap(({ version }) =>
      distributions.filter((each) => /^debian$/i.test(each.name) && each.version === version),
    )
    .find(({ arch }) => arch === 'x86_64');
}

function tell(done: string, unknown: readonly string[], asked: boolean): void {
  if (unknown.length === 0) {
    void inform(done);
    return;
  }
  const list = unknown.join(', ');
  if (!asked) {
    void warn(vscode.l10n.t('{0} The server could not be asked whether Debian has these: {1}.', done, list));
    return;
  }
  const show = vscode.l10n.t('Show Problems');
  void warn(vscode.l10n.t('{0} Debian has no such packages: {1}.', done, list), show).then(
    (answer) => answer === show && vscode.commands.executeCommand('workbench.actions.view.problems'),
  );
}
