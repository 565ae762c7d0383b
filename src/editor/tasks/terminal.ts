import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { isRemote } from '../../appliance/archive/layout.ts';
import type { AgentHost } from '../../agents/host.ts';
import { exitCodes, type ExitCode } from '../../generate/exitCodes.ts';
import { visibleText } from '../../uforge/visibleText.ts';
import type { GenerateTaskDefinition } from './definition.ts';

/**
 * What a generation task prints, and the exit code it ends with (those of the command line). Ending the task
 * cancels the ticket on the server. The work is loaded when the first task runs.
 */
export class GenerateTerminal implements vscode.Pseudoterminal {
  readonly #definition: GenerateTaskDefinition;
  readonly #folder: vscode.WorkspaceFolder;
  readonly #host: AgentHost;
  readonly #writes = new vscode.EventEmitter<string>();
  readonly #closes = new vscode.EventEmitter<number>();
  readonly #stop = new AbortController();

  readonly onDidWrite = this.#writes.event;
  readonly onDidClose = this.#closes.event;

  constructor(definition: GenerateTaskDefinition, folder: vscode.WorkspaceFolder, host: AgentHost) {
    this.#definition = definition;
    this.#folder = folder;
    this.#host = host;
  }

  open(): void {
    void this.#run().then((code) => this.#closes.fire(code));
  }

  /** The person ends the task, or closes its terminal. */
  close(): void {
    this.#stop.abort(new vscode.CancellationError());
  }

  /** Ctrl-C in the terminal. */
  handleInput(data: string): void {
    if (data === '\x03') this.close();
  }

  /** Never rejects. */
  async #run(): Promise<ExitCode> {
    try {
      const { runGenerateTask } = await import('./run.ts');
      const { file, format, output, replace, allowOutside = [] } = this.#definition;
      const below = (path: string): string => (isAbsolute(path) ? path : join(this.#folder.uri.fsPath, path));
      return await runGenerateTask({
        file: below(file),
        format,
        output: output === undefined ? undefined : below(output),
        replace: replace === true,
        allowOutside: allowOutside.map((each) => (isRemote(each) ? each : below(each))),
        host: this.#host,
        signal: this.#stop.signal,
        print: (line) => this.#print(line),
      });
    } catch (error) {
      this.#print(String(error));
      return exitCodes.failed;
    }
  }

  /** A terminal takes orders in what it is sent, and wants a carriage return with every line. */
  #print(line: string): void {
    this.#writes.fire(`${visibleText(line)}\n`.replaceAll('\n', '\r\n'));
  }
}
