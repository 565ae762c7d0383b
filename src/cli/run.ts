import { accounts } from './accounts.ts';
import { parseArguments, usage } from './arguments.ts';
import { check } from './check.ts';
import { deploy } from './deploy.ts';
import type { Environment } from './environment.ts';
import { exitCodes, type ExitCode } from '../generate/exitCodes.ts';
import { Failure, failureFrom } from './failure.ts';
import { generate } from './generate.ts';
import { publish } from './publish.ts';
import { JsonReporter } from './jsonReporter.ts';
import type { Reporter } from './reporter.ts';
import { Terminal } from './terminal.ts';
import { TextReporter } from './textReporter.ts';

/**
 * The command line: never rejects, tells everything through the environment's outputs, resolves with the exit
 * code.
 */
export async function run(args: readonly string[], environment: Environment): Promise<ExitCode> {
  let reporter = reporterFor(args.includes('--json'), environment);
  try {
    const parsed = parseArguments(args);
    if (parsed.command === 'help') {
      new Terminal(environment.out).line(usage.trimEnd());
      return exitCodes.done;
    }
    if (parsed.command === 'check') return await check(parsed, environment);
    if (parsed.command === 'start') {
      const { start } = await import('./start.ts');
      return await start(parsed, environment);
    }
    if (parsed.command === 'mcp') {
      // Loaded here alone: the other commands don't pay for the protocol.
      const { serveMcp } = await import('./mcp/serve.ts');
      return await serveMcp(parsed, environment);
    }
    reporter = reporterFor(parsed.json, environment);
    if (parsed.command === 'publish') {
      await publish(parsed, environment, reporter);
      return exitCodes.done;
    }
    if (parsed.command === 'deploy') {
      await deploy(parsed, environment, reporter);
      return exitCodes.done;
    }
    if (parsed.command === 'accounts') {
      await accounts(parsed, environment, reporter);
      return exitCodes.done;
    }
    if (parsed.command === 'test') {
      // Loaded here alone, with what starts machines.
      const { test } = await import('./test.ts');
      reporter.done(await test(parsed, environment, reporter));
      return exitCodes.done;
    }
    reporter.done(await generate(parsed, environment, reporter));
    return exitCodes.done;
  } catch (error) {
    // Whatever an aborted signal leads to elsewhere, it is the interruption that is told of.
    const { signal } = environment;
    const failure = failureFrom(signal.aborted && !(error instanceof Failure) ? signal.reason : error);
    reporter.fail(failure);
    return failure.exitCode;
  }
}

function reporterFor(json: boolean, { out, errors, clock }: Environment): Reporter {
  return json ? new JsonReporter(out) : new TextReporter(out, errors, clock);
}
