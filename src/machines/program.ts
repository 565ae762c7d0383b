import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { sentence } from '../uforge/language/sentence.ts';
import { isSystemError } from '../uforge/systemError.ts';
import { MachineError } from './machineError.ts';

/** What a program of this computer says. @throws {MachineError} when it is not there; what `execFile` throws when it fails */
export async function output(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly signal?: AbortSignal } = {},
): Promise<string> {
  try {
    return (await promisify(execFile)(program, args, { ...options, maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    options.signal?.throwIfAborted();
    throw isSystemError(error, 'ENOENT') ? await missing(program) : error;
  }
}

/** What installs QEMU with the firmware of UEFI, by the system's `ID` and `ID_LIKE` (os-release), or Node's platform. */
const installs: Readonly<Record<string, string>> = {
  debian: 'sudo apt install qemu-system-x86 qemu-utils ovmf',
  fedora: 'sudo dnf install qemu-system-x86 qemu-img edk2-ovmf',
  arch: 'sudo pacman -S qemu-system-x86 qemu-img edk2-ovmf',
  alpine: 'sudo apk add qemu-system-x86_64 qemu-img ovmf',
  suse: 'sudo zypper install qemu-x86 qemu-tools qemu-ovmf-x86_64',
  darwin: 'brew install qemu',
  win32: 'winget install SoftwareFreedomConservancy.QEMU',
};

export async function missing(program: string): Promise<MachineError> {
  const said = program.startsWith('qemu')
    ? sentence`This computer has no “${program}”. This installs it: ${await installCommand()}`
    : sentence`This computer has no “${program}”.`;
  return new MachineError('missing', said);
}

export async function installCommand(): Promise<string> {
  return installOn(process.platform, await readFile('/etc/os-release', 'utf8').catch(() => ''));
}

/**
 * What installs QEMU on a system.
 * @param release the text of /etc/os-release
 */
export function installOn(platform: string, release: string): string {
  const names = [...release.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].flatMap(([, value = '']) =>
    value.replaceAll(/["']/g, '').split(/[\s-]/),
  );
  const found = [platform, ...names].find((name) => Object.hasOwn(installs, name));
  return (found === undefined ? undefined : installs[found]) ?? 'https://www.qemu.org/download/';
}
