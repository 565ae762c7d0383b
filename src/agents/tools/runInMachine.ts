import * as z from 'zod';
import { tool } from '../tool.ts';

/** Of what a command prints, each of both ways: what an agent can read. */
const mostCharacters = 20_000;

export const runInMachine = tool({
  name: 'run_in_machine',
  title: 'Run in Machine',
  description:
    'Runs a command as root in a machine that start_image has started, and answers with its exit code and what it ' +
    'printed. What it changes is gone with the machine. Exit code 124: the time was over.',
  effect: 'runs',
  input: z.strictObject({
    machine: z.string().min(1).describe('The machine, as start_image names it.'),
    command: z.string().min(1).describe('For the shell, for example: systemctl --failed'),
    timeout_seconds: z.number().int().min(1).max(3600).default(60).describe('When the command is ended.'),
  }),
  async run({ machine, command, timeout_seconds: seconds }, { host, signal, report }) {
    report({ message: 'Waiting until the machine lets anybody in', percentage: 0 });
    const shell = await host.machines.shell(machine, signal);
    report({ message: 'Running the command', percentage: 50 });
    const { exitCode, stdout, stderr } = await shell.run(command, { timeoutMs: seconds * 1000, signal });
    return { exit_code: exitCode, output: shortened(stdout), errors: shortened(stderr) };
  },
});

function shortened(text: string): string {
  return text.length <= mostCharacters ? text : `…${text.slice(-mostCharacters)}`;
}
