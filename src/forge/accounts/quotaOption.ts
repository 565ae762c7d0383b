import { UsageError } from '../process/usageError.ts';
import { quotaTypes, type Limit, type QuotaType } from '../store/usageStore.ts';

const bytesIn: Readonly<Record<string, number>> = { MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };

/**
 * `appliance=10,generation=20/month,diskusage=50GB,scan=none` on the command line. @throws {UsageError}
 */
export function parseQuotas(text: string): ReadonlyMap<QuotaType, Limit> {
  const limits = new Map<QuotaType, Limit>();
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.trim().split('=', 2);
    const type = quotaTypes.find((each) => each === name);
    if (type === undefined) {
      throw new UsageError(`There is no quota “${name}”, only ${quotaTypes.join(', ')}.`);
    }
    limits.set(type, parseLimit(type, value));
  }
  return limits;
}

function parseLimit(type: QuotaType, text: string): Limit {
  if (text === 'none') return { limit: -1, monthly: false };
  const [, number = '', unit = '', monthly] = /^(\d{1,12})(MB|GB|TB)?(\/month)?$/.exec(text) ?? [];
  const wrong =
    number === '' ||
    (type === 'diskusage') !== (unit !== '') ||
    (monthly !== undefined && type !== 'generation');
  const limit = Number(number) * (bytesIn[unit] ?? 1);
  if (wrong || !Number.isSafeInteger(limit)) {
    const example = type === 'diskusage' ? '50GB' : type === 'generation' ? '20 or 20/month' : '10';
    throw new UsageError(`The quota ${type} takes a limit such as ${example}, or none, not “${text}”.`);
  }
  return { limit, monthly: monthly !== undefined };
}
