import type { Test } from '../../appliance/template/model/template.ts';
import { versionBounds, type TestKind } from '../../appliance/template/model/testKinds.ts';
import { sentence, type Sentence } from '../../uforge/language/sentence.ts';
import { MachineError } from '../machineError.ts';
import type { GuestShell, Machine } from '../model.ts';
import { shellWord } from '../shell/shellWord.ts';
import { firstMatch } from './firstMatch.ts';
import { answerOf, portOf, requestFrom } from './network.ts';
import type { Seen } from './seen.ts';

interface Look {
  readonly machine: Machine;
  /** @throws {MachineError} where there is no way in */
  readonly shell: () => Promise<GuestShell>;
  /** Until the check has failed; not positive where it is the last look. */
  readonly leftMs: number;
  readonly signal?: AbortSignal;
}

interface Check {
  /** Seconds, unless the template tells. */
  readonly within: number;
  readonly look: (test: Test, look: Look) => Promise<Seen>;
}

/** The first start of an emulated machine. */
const consoleSeconds = 600;
/** What no text matches: whoever waits for it hears only why there is nothing to wait for. */
const nothing = /(?!)/;
/** A command that has this long hangs, unless `within` gives it more. */
const commandMs = 60_000;

export const checks: Readonly<Record<TestKind, Check>> = {
  console: { within: consoleSeconds, look: lookAtConsole },
  command: { within: 0, look: lookAtCommand },
  port: { within: 60, look: lookAtPort },
  http: { within: 60, look: lookAtHttp },
  file: { within: 0, look: lookAtFile },
  package: { within: 0, look: lookAtPackage },
  service: { within: 0, look: lookAtService },
  noFailedUnits: { within: 0, look: lookAtFailedUnits },
};

async function lookAtConsole(
  { console: text = '', within = consoleSeconds }: Test,
  { machine, signal }: Look,
): Promise<Seen> {
  const output = firstMatch(text, machine.console.text);
  if (output !== undefined) return { ok: true, said: sentence`The console has shown it.`, output };
  try {
    await machine.console.until(nothing, { timeoutMs: 1, ...(signal && { signal }) });
  } catch (error) {
    if (!(error instanceof MachineError) || error.kind !== 'timeUp') throw error;
  }
  return { ok: false, said: sentence`The console has not shown ${text} within ${within} s.`, output: '' };
}

async function lookAtCommand(
  { command = '', exitCode = 0, output: expected }: Test,
  look: Look,
): Promise<Seen> {
  const ran = await run(command, look);
  const { output } = ran;
  if (ran.timedOut) return { ok: false, said: sentence`The command did not end in time.`, output };
  if (ran.exitCode !== exitCode)
    return { ok: false, said: sentence`It ended with ${ran.exitCode}, not with ${exitCode}.`, output };
  if (expected !== undefined && firstMatch(expected, output) === undefined)
    return { ok: false, said: sentence`It has not printed ${expected}.`, output };
  return { ok: true, said: sentence`It ended with ${exitCode}.`, output };
}

async function lookAtPort({ port = 0 }: Test, { machine, shell, signal }: Look): Promise<Seen> {
  const { host } = await forwarded(machine, port);
  const isConnected = async (): Promise<boolean | undefined> => {
    const opened = await shell().catch((error: unknown) => {
      if (error instanceof MachineError && error.kind === 'input') return undefined;
      throw error;
    });
    if (opened === undefined) return undefined;
    const script = `ss -Htn state established ${shellWord(`sport = :${port}`)} | grep -q .`;
    const { exitCode } = await opened.run(script, { timeoutMs: commandMs, ...(signal && { signal }) });
    return exitCode === 0;
  };
  return answerOf(host, port, isConnected, signal);
}

async function lookAtHttp(
  { http = '', status, body: expected }: Test,
  { machine, signal }: Look,
): Promise<Seen> {
  const url = new URL(http);
  const { host } = await forwarded(machine, portOf(url));
  const answer = await requestFrom(url, host, signal);
  if ('said' in answer) return { ok: false, output: '', ...answer };
  const output = `HTTP ${answer.status}\n\n${answer.body}`;
  const isRight =
    status === undefined ? answer.status >= 200 && answer.status < 300 : answer.status === status;
  if (!isRight) {
    const wanted = status ?? '2xx';
    return { ok: false, said: sentence`It answers with ${answer.status}, not with ${wanted}.`, output };
  }
  if (expected !== undefined && firstMatch(expected, answer.body) === undefined)
    return { ok: false, said: sentence`The body of the answer has no ${expected}.`, output };
  return { ok: true, said: sentence`It answers with ${answer.status}.`, output };
}

async function lookAtFile({ file = '', content, ownerGroup, rights }: Test, look: Look): Promise<Seen> {
  const path = shellWord(file);
  const { exitCode, output } = await run(`stat -L -c '%a %U:%G' -- ${path}`, look);
  if (exitCode !== 0) return { ok: false, said: sentence`${file} is not there.`, output };
  const [mode = '', owners = ''] = output.trim().split(' ');
  const wrong = (said: Sentence): Seen => ({ ok: false, said, output });
  if (rights !== undefined && Number.parseInt(mode, 8) !== Number.parseInt(rights, 8))
    return wrong(sentence`Its rights are ${mode}, not ${rights}.`);
  if (ownerGroup !== undefined && owners !== ownerGroup && owners.split(':')[0] !== ownerGroup)
    return wrong(sentence`It belongs to ${owners}, not to ${ownerGroup}.`);
  if (content === undefined) return { ok: true, said: sentence`${file} is there.`, output };
  const read = await run(`head -c 65536 -- ${path}`, look);
  return firstMatch(content, read.output) !== undefined
    ? { ok: true, said: sentence`${file} is there.`, output: read.output }
    : { ok: false, said: sentence`In the file there is no ${content}.`, output: read.output };
}

/** Debian's own dpkg compares the versions, in the machine. */
async function lookAtPackage({ package: name = '', version }: Test, look: Look): Promise<Seen> {
  const query = `dpkg-query -W -f='\${db:Status-Status} \${Version}\\n' ${shellWord(name)}`;
  const { output } = await run(`${query} | head -n 1`, look);
  const installed = /^installed (\S+)/m.exec(output)?.[1];
  if (installed === undefined) return { ok: false, said: sentence`${name} is not installed.`, output };
  const bounds = version === undefined ? [] : (versionBounds(version) ?? []);
  const compared = bounds.map(
    (bound) =>
      `dpkg --compare-versions ${[installed, bound.operator, bound.version].map(shellWord).join(' ')}`,
  );
  const { exitCode } = await run(compared.join(' && ') || 'true', look);
  const said =
    exitCode === 0
      ? sentence`${name} ${installed} is installed.`
      : sentence`${name} ${installed} is installed, which is not ${version ?? ''}.`;
  return { ok: exitCode === 0, said, output: '' };
}

async function lookAtService({ service = '' }: Test, look: Look): Promise<Seen> {
  const unit = shellWord(service);
  const { output, exitCode } = await run(`systemctl is-active -- ${unit}`, look);
  const state = output.trim();
  if (exitCode === 0) return { ok: true, said: sentence`${service} is ${state}.`, output: '' };
  const { output: status } = await run(`systemctl status --no-pager --full --lines=20 -- ${unit}`, look);
  return { ok: false, said: sentence`${service} is ${state}, not active.`, output: status };
}

async function lookAtFailedUnits(_: Test, look: Look): Promise<Seen> {
  const { output, exitCode } = await run('systemctl --failed --plain --no-legend --no-pager', look);
  if (exitCode !== 0) return { ok: false, said: sentence`systemd does not answer.`, output };
  const failed = output
    .split('\n')
    .map((line) => line.trim().split(/\s+/)[0] ?? '')
    .filter((unit) => unit !== '');
  if (failed.length === 0) return { ok: true, said: sentence`No unit has failed.`, output: '' };
  const units = failed.map(shellWord).join(' ');
  const { output: status } = await run(`systemctl status --no-pager --full --lines=20 -- ${units}`, look);
  return { ok: false, said: sentence`Failed: ${failed.join(', ')}.`, output: status };
}

async function run(
  command: string,
  { shell, leftMs, signal }: Look,
): Promise<{ readonly exitCode: number; readonly output: string; readonly timedOut: boolean }> {
  const limits = { timeoutMs: Math.max(commandMs, leftMs), ...(signal && { signal }) };
  const { exitCode, stdout, stderr } = await (await shell()).run(command, limits);
  const output = stderr === '' || stdout === '' ? stdout + stderr : `${stdout.trimEnd()}\n${stderr}`;
  return { exitCode, output, timedOut: exitCode === 124 };
}

async function forwarded(machine: Machine, port: number): Promise<{ readonly host: number }> {
  return machine.ports.find(({ guest }) => guest === port) ?? machine.forward(port);
}
