import { createHash, randomUUID } from 'node:crypto';
import { sentence } from '../../uforge/language/sentence.ts';
import { MachineError } from '../machineError.ts';
import type { GuestShell, MachineConsole } from '../model.ts';
import type { Login } from './guestShell.ts';

interface Limits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What a command ends with whose time is up: as timeout(1) has it. */
const timeUp = 124;
/** A terminal takes 4096 characters a line. */
const longestLine = 1000;
/** Of what a command prints, each of both ways: the console carries some ten kilobytes a second. */
const mostBytes = 65_536;

/** Whoever is at the console is asked who it is. The kernel may speak behind it, on the same line. */
export const prompt = /\S login: /;

/** Logs in where the console asks for it, and makes of it a shell that programs can use. */
export async function loginOnConsole(
  console: MachineConsole,
  { user, password }: Login,
  { timeoutMs, signal }: Limits,
): Promise<GuestShell> {
  const end = Date.now() + timeoutMs;
  const until = (pattern: RegExp, atMost = Infinity): Promise<string> =>
    console.until(pattern, {
      timeoutMs: Math.max(1, Math.min(end - Date.now(), atMost)),
      ...(signal && { signal }),
    });
  await until(prompt);
  for (let attempt = 0; ; attempt++) {
    console.write(`${user}\r`);
    const asked = await until(/assword: |\S login: /, 60_000);
    if (!asked.startsWith('assword')) continue;
    console.write(`${password}\r`);
    const answered = await until(/Login incorrect|[#$] /, 120_000);
    if (!answered.startsWith('Login')) break;
    if (attempt >= 1) {
      throw new MachineError(
        'input',
        sentence`The console does not let ${user} in with the password of the template.`,
        console.text.slice(-2000),
      );
    }
    await until(prompt, 60_000);
  }
  const shell = new ConsoleShell(console);
  await shell.makeQuiet({ timeoutMs: 60_000, ...(signal && { signal }) });
  return shell;
}

class ConsoleShell implements GuestShell {
  readonly #console: MachineConsole;
  /** One command after the other: there is one terminal. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(console: MachineConsole) {
    this.#console = console;
  }

  /** Nobody reads what is typed, nor what the kernel and systemd would say between the lines. */
  async makeQuiet(limits: Limits): Promise<void> {
    const quiet = [
      'stty -echo cols 500',
      "PS1='' PS2='' HISTFILE=/dev/null",
      'bind "set enable-bracketed-paste off" 2>/dev/null',
      'dmesg -n 1 2>/dev/null',
      'kill -s RTMIN+21 1 2>/dev/null',
    ].join('; ');
    await this.#say(quiet, limits);
  }

  run(command: string, limits: Limits): ReturnType<GuestShell['run']> {
    const turn = this.#turn.catch(() => undefined).then(() => this.#run(command, limits));
    this.#turn = turn;
    return turn;
  }

  async #run(command: string, limits: Limits): ReturnType<GuestShell['run']> {
    const folder = '/run/appliance-forge-shell';
    const script = Buffer.from(command).toString('base64');
    await this.#say(`umask 77; mkdir -p ${folder}; : > ${folder}/script`, limits);
    for (let at = 0; at < script.length; at += longestLine) {
      await this.#say(`printf %s ${script.slice(at, at + longestLine)} >> ${folder}/script`, limits);
    }
    const seconds = Math.max(1, Math.ceil(limits.timeoutMs / 1000));
    const files = `</dev/null >${folder}/out 2>${folder}/err`;
    // umask as it is for everybody else; what begins in the background would keep files open, no pipe.
    const ran = await this.#say(
      `(umask 22; timeout -k 5 ${seconds} sh -c "$(base64 -d ${folder}/script)" ${files}); echo "code=$?"`,
      { ...limits, timeoutMs: limits.timeoutMs + 30_000 },
    );
    const exitCode = Number(/code=(\d+)/.exec(ran)?.[1] ?? timeUp);
    const read = { ...limits, timeoutMs: 60_000 };
    const stdout = await this.#read(`${folder}/out`, read);
    const stderr = await this.#read(`${folder}/err`, read);
    // timeout(1) says 137 where it had to kill.
    return { exitCode: exitCode === 137 ? timeUp : exitCode, stdout, stderr };
  }

  /** The kernel may have spoken between the lines: the sum says so, and the file is still there. */
  async #read(file: string, limits: Limits): Promise<string> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const part = `head -c ${mostBytes} ${file}`;
      const said = await this.#say(`${part} | base64; echo "sum=$(${part} | sha256sum)"`, limits);
      const [encoded = '', sum = ''] = said.split('sum=');
      const bytes = Buffer.from(encoded, 'base64');
      if (sum.startsWith(createHash('sha256').update(bytes).digest('hex'))) return bytes.toString();
    }
    throw new MachineError('failed', sentence`The console garbles what commands print.`);
  }

  /** What the line prints, between two marks that the line itself does not contain. */
  async #say(line: string, limits: Limits): Promise<string> {
    const mark = randomUUID().slice(0, 8);
    this.#console.write(`echo "<"${mark}; ${line}; echo; echo ">"${mark}\r`);
    const said = await this.#console.until(new RegExp(`<${mark}[^]*?>${mark}`), limits);
    return said.slice(mark.length + 1, -mark.length - 1).trim();
  }
}
