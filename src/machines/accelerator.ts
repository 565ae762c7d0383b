import { access, constants } from 'node:fs/promises';
import type { Accelerator } from './model.ts';

/** How long KVM has, ms, until a kernel runs. */
export const provenWithinMs = 8000;

/**
 * What is tried, in order. That `/dev/kvm` opens proves nothing: some can't run a kernel, so whoever tries it looks for
 * one that does.
 */
export async function acceleratorsHere(): Promise<readonly Accelerator[]> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return ['tcg'];
  const opens = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  return opens ? ['kvm', 'tcg'] : ['tcg'];
}

/** Firmware and boot loaders write on the console, too; these lines are a kernel's or come after it. */
export const saidByKernel = /Linux version|systemd\[1\]|Welcome to| login: /;

/**
 * Whether a processor runs a kernel, by QEMU's `info registers`: with paging, in the upper half of the addresses or in a
 * program. For machines that say nothing on their console.
 */
export function runsKernel(registers: string): boolean {
  const hex = (name: string): bigint =>
    BigInt(`0x${new RegExp(`\\b${name}\\s*=\\s*([0-9a-f]+)`).exec(registers)?.[1] ?? '0'}`);
  const hasPaging = (hex('CR0') & (1n << 31n)) !== 0n;
  return hasPaging && (hex('RIP') >> 63n === 1n || hex('EIP') >= 0xc0000000n || registers.includes('CPL=3'));
}
