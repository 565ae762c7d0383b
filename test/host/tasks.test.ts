import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Ticket } from '../../src/tickets/ticket.ts';
import { extension, until } from './support.ts';

/** Runs a task to its end; `meanwhile` may end it. Resolves with the exit code. */
async function exitCodeOf(
  task: vscode.Task,
  meanwhile: (execution: vscode.TaskExecution) => Promise<void> = () => Promise.resolve(),
): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const ended = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
    if (execution.task.name === task.name) resolve(exitCode);
  });
  try {
    await meanwhile(await vscode.tasks.executeTask(task));
    return await promise;
  } finally {
    ended.dispose();
  }
}

const tasks = (): Thenable<vscode.Task[]> => vscode.tasks.fetchTasks({ type: 'applianceForge' });

describe('a task that generates an image', () => {
  before(extension);

  it('is offered for every definition, and for a template one for each builder', async () => {
    const names = (await tasks()).map(({ name }) => name);
    assert.ok(names.includes('generate minimal/representation.xml'), names.join('\n'));
    assert.ok(
      names.some((name) => /^generate nginx\/template\.yml \(.+\)$/.test(name)),
      names.join('\n'),
    );
  });

  it('ends with 2 when the definition is wrong', async () => {
    const [folder] = vscode.workspace.workspaceFolders!;
    const broken = vscode.Uri.joinPath(folder!.uri, 'task', 'representation.xml');
    const text =
      '<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge"><compress>yes</compress></ns0:image>';
    await vscode.workspace.fs.writeFile(broken, Buffer.from(text));
    const task = (await tasks()).find(({ name }) => name === 'generate task/representation.xml');
    assert.ok(task);
    assert.equal(await exitCodeOf(task), 2);
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(broken, '..'), { recursive: true });
  });

  it('stands in the Images view while it runs, and cancels its ticket when it is ended', async () => {
    const { tickets } = await extension();
    const known = new Set(tickets.all());
    const fresh = (): Ticket | undefined =>
      tickets.all().find((ticket) => ![...known].some(({ uri }) => uri === ticket.uri));
    const task = (await tasks()).find(({ name }) => name === 'generate minimal/representation.xml');
    assert.ok(task);
    await exitCodeOf(task, async (execution) => {
      await until(() => fresh() !== undefined, 'the ticket', 60_000);
      execution.terminate();
    });
    await until(() => fresh()?.state === 'cancelled', 'the ticket to be cancelled', 30_000);
    await vscode.commands.executeCommand('applianceForge.delete', fresh(), { confirmed: true });
  });
});
