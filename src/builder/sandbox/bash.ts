/**
 * A bash that ends with the first failure (errexit, nounset, pipefail). Without the first two options it takes Node's
 * socket for a remote shell and reads the computer's bashrc.
 */
export function bash(script: string, ...args: readonly [name: string, ...rest: string[]]): string[] {
  return ['bash', '--norc', '--noprofile', '-euo', 'pipefail', '-c', script, ...args];
}
