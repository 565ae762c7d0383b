import type * as vscode from 'vscode';

export const taskType = 'applianceForge';

/** A task as tasks.json has it. package.json holds the schema. */
export interface GenerateTaskDefinition extends vscode.TaskDefinition {
  readonly type: typeof taskType;
  readonly task: 'generate';
  /** Path of the definition, below the workspace folder or absolute. */
  readonly file: string;
  /** Name of a target format. */
  readonly format?: string;
  /** Folder the image is downloaded to; without it, it stays on the server. */
  readonly output?: string;
  /** An appliance of that name and version that was not pushed from here may be replaced. */
  readonly replace?: boolean;
  /** Folders outside the template's whose files may be packed; below the workspace folder or absolute. */
  readonly allowOutside?: readonly string[];
}

/** Whether a definition somebody wrote is one of ours, and complete. */
export function isGenerateTask(definition: vscode.TaskDefinition): definition is GenerateTaskDefinition {
  const {
    type,
    task,
    file,
    format,
    output,
    allowOutside = [],
  } = definition as Readonly<Record<string, unknown>>;
  const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';
  return (
    type === taskType &&
    task === 'generate' &&
    typeof file === 'string' &&
    file !== '' &&
    isText(format) &&
    isText(output) &&
    Array.isArray(allowOutside) &&
    allowOutside.every((folder) => typeof folder === 'string')
  );
}
