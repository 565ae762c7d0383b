import * as vscode from 'vscode';
import { setContext } from '../../contextKeys.ts';

/** Whoever sees one of the last lines sees the end: a scroll bar may hide the very last. */
const tolerance = 2;

interface Followed {
  following: boolean;
  /** First line that was visible when last seen. */
  top: number;
}

/**
 * Keeps the end of logs in sight as they grow. Who scrolls up is left in peace until they come back to the end, or say so
 * with the button in the editor's title.
 */
export class FollowLog implements vscode.Disposable {
  readonly #scheme: string;
  readonly #logs = new Map<string, Followed>();
  readonly #subscriptions: vscode.Disposable;

  constructor(scheme: string) {
    this.#scheme = scheme;
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#grown(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#logs.delete(uri.toString())),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#scrolled(textEditor)),
      vscode.window.onDidChangeActiveTextEditor(() => this.#tell()),
    );
  }

  /** Goes to the end of a log that has just been opened, and stays there. */
  begin(editor: vscode.TextEditor): void {
    this.#logs.set(editor.document.uri.toString(), { following: true, top: 0 });
    revealEnd(editor);
    this.#tell();
  }

  /** The log in the active editor is followed, or no longer. */
  toggle(following: boolean): void {
    const editor = vscode.window.activeTextEditor;
    const log = editor && this.#of(editor.document);
    if (editor === undefined || log === undefined) return;
    log.following = following;
    if (following) revealEnd(editor);
    this.#tell();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #of({ uri }: vscode.TextDocument): Followed | undefined {
    if (uri.scheme !== this.#scheme) return undefined;
    const name = uri.toString();
    const log = this.#logs.get(name) ?? { following: true, top: 0 };
    this.#logs.set(name, log);
    return log;
  }

  #grown(document: vscode.TextDocument): void {
    if (this.#of(document)?.following !== true) return;
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === document) revealEnd(editor);
    }
  }

  /** Only going up is leaving: a log that grows has its end further down, too. */
  #scrolled({ document, visibleRanges }: vscode.TextEditor): void {
    const log = this.#of(document);
    const [first] = visibleRanges;
    const last = visibleRanges.at(-1);
    if (log === undefined || first === undefined || last === undefined) return;
    const wentUp = first.start.line < log.top;
    log.top = first.start.line;
    if (last.end.line >= document.lineCount - 1 - tolerance) log.following ||= !wentUp;
    else if (wentUp) log.following = false;
    this.#tell();
  }

  #tell(): void {
    const document = vscode.window.activeTextEditor?.document;
    const log = document && this.#of(document);
    setContext('log', log === undefined ? '' : log.following ? 'followed' : 'left');
  }
}

/** The beginning of the last line: its end may be far to the right. */
function revealEnd(editor: vscode.TextEditor): void {
  const end = new vscode.Position(editor.document.lineCount - 1, 0);
  editor.revealRange(new vscode.Range(end, end));
}
