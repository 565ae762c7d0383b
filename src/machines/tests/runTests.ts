import type { Test } from '../../appliance/template/model/template.ts';
import { kindsOf, testName } from '../../appliance/template/model/testKinds.ts';
import { sleep, type Clock } from '../../uforge/clock.ts';
import { sentence } from '../../uforge/language/sentence.ts';
import { messageOf } from '../../uforge/messageOf.ts';
import { MachineError } from '../machineError.ts';
import type { GuestShell, Machine } from '../model.ts';
import type { Login } from '../shell/consoleShell.ts';
import { openShell } from '../shell/guestShell.ts';
import { checks } from './checks.ts';
import type { Outcome } from './outcome.ts';
import type { Seen } from './seen.ts';

export interface TestOptions {
  readonly clock: Clock;
  /** Where the image takes no key of ours. */
  readonly login?: Login | undefined;
  readonly onStart?: (index: number) => void;
  readonly onOutcome?: (outcome: Outcome) => void;
  readonly signal?: AbortSignal;
}

/** How the tests of an image went; one outcome a check. */
export interface TestRun {
  readonly outcomes: readonly Outcome[];
  /** Why the machine was gone before the last check: the checks from there on were not run. */
  readonly lost?: MachineError;
}

/**
 * Looks at one thing after the other. Rejects only with the signal's reason: whatever else goes wrong is an outcome.
 * The machine is left as it is.
 */
export async function runTests(
  machine: Machine,
  tests: readonly Test[],
  options: TestOptions,
): Promise<TestRun> {
  const { clock, onStart, onOutcome } = options;
  const shell = lazyShell(machine, options);
  const outcomes: Outcome[] = [];
  let lost: MachineError | undefined;
  for (const [index, test] of tests.entries()) {
    onStart?.(index);
    const startedAt = clock.now();
    const found = lost === undefined ? await look(test, machine, shell, options) : notRun(lost);
    lost ??= found.lost;
    const { said, output, state } = found;
    const durationMs = clock.now() - startedAt;
    const outcome: Outcome = {
      ...{ test, index, name: testName(test), state, said, output, durationMs },
      ...(state !== 'passed' && { console: lastLines(machine.console.text) }),
    };
    outcomes.push(outcome);
    onOutcome?.(outcome);
  }
  return { outcomes, ...(lost && { lost }) };
}

interface Found extends Pick<Outcome, 'said' | 'output' | 'state'> {
  readonly lost?: MachineError | undefined;
}

async function look(
  test: Test,
  machine: Machine,
  shell: () => Promise<GuestShell>,
  { clock, signal }: TestOptions,
): Promise<Found> {
  const [kind] = kindsOf(test);
  if (kind === undefined) return notRun(new MachineError('input', sentence`The check is about nothing.`));
  const check = checks[kind];
  const { within = check.within } = test;
  // On the console all counts that was said since the machine began.
  const from = kind === 'console' ? machine.startedAt : clock.now();
  const end = from + within * 1000;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const leftMs = end - clock.now();
      const seen: Seen = await check.look(test, { machine, shell, leftMs, ...(signal && { signal }) });
      if (seen.ok) return { ...seen, state: 'passed' };
      if (machine.state === 'ended') return notRun(await whyEnded(machine));
      if (clock.now() >= end) return { ...seen, state: 'failed' };
      await sleep(clock, 1000, signal);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (machine.state === 'ended') return notRun(await whyEnded(machine));
    return notRun(error);
  }
}

async function whyEnded(machine: Machine): Promise<MachineError> {
  const { said, detail = '' } = await machine.ended;
  return new MachineError('ended', said, detail);
}

function notRun(error: unknown): Found {
  if (!(error instanceof MachineError))
    return { state: 'notRun', said: sentence`${messageOf(error)}`, output: '' };
  const isLost = error.kind === 'ended' || error.kind === 'hopeless';
  return { state: 'notRun', said: error.said, output: error.detail, ...(isLost && { lost: error }) };
}

/** Opened for the first check that needs one, once all services have started, or never; one that failed is not tried again. */
function lazyShell(machine: Machine, { login, signal }: TestOptions): () => Promise<GuestShell> {
  let opened: Promise<GuestShell> | undefined;
  const open = async (): Promise<GuestShell> => {
    const shell = await openShell(machine, login, signal);
    // Whatever it says: a unit that failed is a check of its own, and not everything has systemd.
    const wait = 'command -v systemctl >/dev/null && systemctl is-system-running --wait';
    await shell.run(wait, { timeoutMs: 600_000, ...(signal && { signal }) });
    return shell;
  };
  return () => (opened ??= open());
}

function lastLines(text: string): string {
  return text.split(/\r?\n/).slice(-30).join('\n').trim();
}
