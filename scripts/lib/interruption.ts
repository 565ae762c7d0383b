/** Why we were asked to stop; the exit code a shell expects for it. */
class Interrupted extends Error {
  readonly exitCode: number;

  constructor(why: string, exitCode: number) {
    super(why);
    this.exitCode = exitCode;
  }
}

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Aborts when someone wants us to end: a signal, or the death of scripts/run.mjs. Whoever started something
 * listens and takes it down, so that nothing stays behind.
 */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, code] of Object.entries(signals)) {
    process.on(signal, () => controller.abort(new Interrupted(signal, code)));
  }
  process.once('disconnect', () => controller.abort(new Interrupted('npm is gone', signals.SIGHUP)));
  return controller.signal;
}

/** Runs a script's `main` and ends the process with its exit code. */
export async function runMain(main: (args: string[], signal: AbortSignal) => Promise<number>): Promise<void> {
  const signal = interruption();
  let code: number;
  try {
    code = await main(process.argv.slice(2), signal);
  } catch (error) {
    if (!(error instanceof Interrupted)) console.error(error instanceof Failure ? error.message : error);
    code = error instanceof Interrupted ? error.exitCode : 1;
  }
  process.exit(signal.reason instanceof Interrupted ? signal.reason.exitCode : code);
}

/** A failure whose sentence is enough: no stack is shown. */
export class Failure extends Error {}
