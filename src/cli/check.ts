import { problemsInText, type SourceOptions } from '../appliance/language/problemsInText.ts';
import { definitionKindByExtension } from '../appliance/find/definitions.ts';
import { formatProblem, hasErrors, type Problem } from '../appliance/text/problem.ts';
import { readDefinition } from '../appliance/find/readRegularFile.ts';
import { allowedFolders } from '../generate/allowedFolders.ts';
import { problemsOnServer } from '../generate/askServer.ts';
import type { CheckArguments } from './arguments.ts';
import { labelOf, openServer, type Server } from './connect.ts';
import type { Environment } from './environment.ts';
import { exitCodes, type ExitCode } from '../generate/exitCodes.ts';
import { Failure } from './failure.ts';
import { sarifLog, type CheckedFile } from './sarif.ts';
import { Terminal } from './terminal.ts';

/**
 * Checks definitions as the editor does and writes what it found: lines as compilers write them, JSON lines,
 * or one SARIF document. Resolves with 2 when there are errors (with `strict` also for warnings), else 0.
 * @throws {Failure} or {UnreadableFile} when a file can't be read or is no definition
 */
export async function check(args: CheckArguments, environment: Environment): Promise<ExitCode> {
  const checked: CheckedFile[] = [];
  const mayPackOutside = allowedFolders(args.allowOutside);
  const workingFolder = process.cwd();
  await using server = args.on && (await openServer(args.on, environment, environment.clock));
  for (const file of args.files) {
    const problems = await problemsIn(file, { mayPackOutside, workingFolder }, server, environment.signal);
    checked.push({ file, problems });
  }
  const terminal = new Terminal(environment.out);
  for (const line of linesOf(checked, args)) terminal.line(line);
  const problems = checked.flatMap((each) => each.problems);
  const isBad = hasErrors(problems) || (args.strict && problems.length > 0);
  return isBad ? exitCodes.input : exitCodes.done;
}

async function problemsIn(
  file: string,
  sources: SourceOptions,
  server: Server | undefined,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  if (definitionKindByExtension(file) === undefined) {
    const message = `${file} is neither a request (.xml) nor a template (.yml, .yaml, .json).`;
    throw new Failure(exitCodes.input, message);
  }
  const text = await readDefinition(file);
  if (server === undefined) return (await problemsInText(file, text, sources)) ?? [];
  const client = await server.clients(server.name, signal);
  const label = labelOf(server);
  return (await problemsOnServer(file, text, sources, { client, label, signal })) ?? [];
}

function linesOf(checked: readonly CheckedFile[], { format }: CheckArguments): readonly string[] {
  if (format === 'sarif') return [JSON.stringify(sarifLog(checked), null, 2)];
  const each = checked.flatMap(({ file, problems }) =>
    problems.map((problem) => (format === 'json' ? jsonLine(file, problem) : formatProblem(problem, file))),
  );
  return format === 'json' ? each : [...each, summary(checked)];
}

/** Lines and columns counted from 1, as in the text form. */
function jsonLine(file: string, { range, severity, code, message, fixes = [] }: Problem): string {
  const { start, end } = range;
  return JSON.stringify({
    file,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    severity,
    code,
    message,
    fixes: fixes.map(({ title }) => title),
  });
}

function summary(checked: readonly CheckedFile[]): string {
  const problems = checked.flatMap((each) => each.problems);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
  const parts = [count(errors, 'error'), count(problems.length - errors, 'warning')];
  return `${count(checked.length, 'file')} checked: ${parts.join(', ')}.`;
}
