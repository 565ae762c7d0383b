import { runInNewContext } from 'node:vm';
import { testPattern } from '../../appliance/template/model/testKinds.ts';
import { isRecord } from '../../uforge/isRecord.ts';
import { sentence } from '../../uforge/language/sentence.ts';
import { MachineError } from '../machineError.ts';

const mostMs = 1000;

/**
 * What of a text the pattern of a check matches first. A pattern can take longer than anybody lives, and nothing else
 * of this process would go on meanwhile: only a script of its own can be ended.
 * @throws {MachineError} when it takes too long
 */
export function firstMatch(pattern: string, text: string): string | undefined {
  const given = { pattern: testPattern(pattern), text };
  try {
    return runInNewContext('pattern.exec(text)?.[0]', given, { timeout: mostMs }) as string | undefined;
  } catch (error) {
    if (!isRecord(error) || error['code'] !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new MachineError(
      'failed',
      sentence`The pattern ${pattern} takes more than a second on what the machine has said. Write a simpler one.`,
    );
  }
}
