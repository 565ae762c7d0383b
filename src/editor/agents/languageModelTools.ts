import * as vscode from 'vscode';
import type { ToolFailure } from '../../agents/callTool.ts';
import type { AgentHost } from '../../agents/host.ts';
import { toolNames, type ToolName } from '../../agents/toolNames.ts';
import { plainMarkdown } from '../markdown.ts';
import { abortOn } from '../progress.ts';
import { preparationOf } from './preparation.ts';

/** The name VS Code knows a tool by: it shares one list with those of all extensions. */
function languageModelToolName(name: ToolName): string {
  return `applianceForge_${name}`;
}

/**
 * Offers the tools to the agents of this window. What is behind them is loaded with the first call. Arguments
 * are checked here once more: not every editor does.
 */
export class LanguageModelTools implements vscode.Disposable {
  readonly #registrations: vscode.Disposable;

  constructor(host: AgentHost) {
    const register = (name: ToolName): vscode.Disposable =>
      vscode.lm.registerTool(languageModelToolName(name), new LanguageModelTool(name, host));
    this.#registrations = vscode.Disposable.from(...toolNames.map(register));
  }

  dispose(): void {
    this.#registrations.dispose();
  }
}

class LanguageModelTool implements vscode.LanguageModelTool<Record<string, unknown>> {
  readonly #name: ToolName;
  readonly #host: AgentHost;

  constructor(name: ToolName, host: AgentHost) {
    this.#name = name;
    this.#host = host;
  }

  prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<
    Record<string, unknown>
  >): vscode.PreparedToolInvocation {
    const { working, question } = preparationOf(this.#name, input, this.#host);
    // VS Code reads a string as Markdown here, and what an agent passes is in it.
    return {
      invocationMessage: plainMarkdown(working),
      ...(question !== undefined && {
        confirmationMessages: { title: question.title, message: plainMarkdown(question.text) },
      }),
    };
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<Record<string, unknown>>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const [{ tools }, { callTool }] = await Promise.all([
      import('../../agents/allTools.ts'),
      import('../../agents/callTool.ts'),
    ]);
    const tool = tools.find(({ name }) => name === this.#name);
    if (tool === undefined) throw new Error(`There is no tool ${this.#name}.`);
    using cancellation = abortOn(token);
    const call = { host: this.#host, signal: cancellation.signal, report: () => undefined };
    const result = await callTool(tool, input, call);
    // VS Code hands the message of an error to the model.
    if (!result.ok) throw new Error(messageOf(result.answer));
    const text = new vscode.LanguageModelTextPart(JSON.stringify(result.answer));
    return new vscode.LanguageModelToolResult([text]);
  }
}

function messageOf({ error, ...details }: ToolFailure): string {
  return Object.keys(details).length === 0 ? error : `${error}\n${JSON.stringify(details)}`;
}
