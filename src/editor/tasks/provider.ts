import * as vscode from 'vscode';
import { definitionKind, templateLanguageOf } from '../../appliance/find/definitions.ts';
import type { AgentHost } from '../../agents/host.ts';
import { findDefinitions } from '../definitions/files.ts';
import { labelText } from '../foreignText.ts';
import { isGenerateTask, taskType, type GenerateTaskDefinition } from './definition.ts';
import { GenerateTerminal } from './terminal.ts';

const problemMatcher = '$appliance-forge';

/**
 * Generation as a task: for tasks.json, for `dependsOn`, for a key of one's own. Offers one for every definition of the
 * workspace, and for a template one for each of its builders.
 */
export class GenerateTasks implements vscode.TaskProvider, vscode.Disposable {
  readonly #host: AgentHost;
  readonly #registration: vscode.Disposable;

  constructor(host: AgentHost) {
    this.#host = host;
    this.#registration = vscode.tasks.registerTaskProvider(taskType, this);
  }

  async provideTasks(): Promise<vscode.Task[]> {
    const tasks: vscode.Task[] = [];
    for (const uri of await findDefinitions()) {
      const folder = vscode.workspace.getWorkspaceFolder(uri);
      if (folder === undefined || uri.scheme !== 'file') continue;
      const file = vscode.workspace.asRelativePath(uri, false);
      for (const format of await formatsOf(uri)) {
        const definition = { type: taskType, task: 'generate', file, ...(format && { format }) } as const;
        tasks.push(this.#taskFor(definition, folder));
      }
    }
    return tasks;
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const { definition, scope } = task;
    if (!isGenerateTask(definition)) return undefined;
    const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
    // The very same definition has to go back: VS Code finds the task by it.
    return folder === undefined ? undefined : this.#taskFor(definition, folder, task.name);
  }

  dispose(): void {
    this.#registration.dispose();
  }

  #taskFor(
    definition: GenerateTaskDefinition,
    folder: vscode.WorkspaceFolder,
    name = nameOf(definition),
  ): vscode.Task {
    const execution = new vscode.CustomExecution(() =>
      Promise.resolve(new GenerateTerminal(definition, folder, this.#host)),
    );
    const task = new vscode.Task(definition, folder, name, taskType, execution, problemMatcher);
    task.group = vscode.TaskGroup.Build;
    task.presentationOptions = { clear: true, panel: vscode.TaskPanelKind.Dedicated };
    return task;
  }
}

function nameOf({ file, format }: GenerateTaskDefinition): string {
  return labelText(format === undefined ? `generate ${file}` : `generate ${file} (${format})`);
}

/** The builders of a template; `undefined` stands for “as the file says”. A file that can't be read has no task. */
async function formatsOf(uri: vscode.Uri): Promise<readonly (string | undefined)[]> {
  if (definitionKind(uri.path) === 'representation') return [undefined];
  try {
    const [{ parseTemplate }, { targetFormatsOf }, { readDefinition }] = await Promise.all([
      import('../../appliance/template/parseTemplate.ts'),
      import('../../appliance/request/fromTemplate.ts'),
      import('../../appliance/find/readRegularFile.ts'),
    ]);
    const text = await readDefinition(uri.fsPath);
    const { template } = parseTemplate(text, templateLanguageOf(uri.path) ?? 'yaml');
    return template === undefined ? [] : targetFormatsOf(template);
  } catch {
    return [];
  }
}
