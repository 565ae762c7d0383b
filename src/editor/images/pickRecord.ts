import type { Tracked, TrackedId } from '../../tickets/tracked.ts';
import type { TrackedStore } from '../../tickets/trackedStore.ts';
import { isRecord } from '../../uforge/isRecord.ts';
import { pickOne } from '../inputs.ts';
import { inform } from '../messages.ts';
import { iconOf } from './appearance.ts';

/** What a command is for. */
export interface Choice<T> {
  readonly title: string;
  readonly placeHolder: string;
  /** Said when none fits. */
  readonly none: string;
  fits(record: T): boolean;
}

/** How one of a kind is called. */
export interface Naming<T> {
  /** Said of one that is there no more. */
  readonly gone: string;
  readonly labelOf: (record: T) => string;
  /** @param now ms since 1970 */
  readonly descriptionOf: (record: T, now: number) => string;
}

/** The one that is named, as it is now; else the only one that fits; else the one the person picks. */
export async function recordFor<T extends Tracked>(
  named: TrackedId | undefined,
  store: TrackedStore<T>,
  choice: Choice<T>,
  { gone, labelOf, descriptionOf }: Naming<T>,
): Promise<T | undefined> {
  if (named !== undefined) {
    const current = store.get(named);
    if (current === undefined) void inform(gone);
    else if (!choice.fits(current)) void inform(choice.none);
    else return current;
    return undefined;
  }
  const fitting = store.all().filter((record) => choice.fits(record));
  if (fitting.length === 0) {
    void inform(choice.none);
    return undefined;
  }
  const newestFirst = fitting.toSorted((a, b) => b.created.localeCompare(a.created));
  const rows = newestFirst.map((record) => ({
    record,
    label: labelOf(record),
    description: descriptionOf(record, Date.now()),
    iconPath: iconOf(record.state),
  }));
  return (await pickOne(rows, { title: choice.title, placeHolder: choice.placeHolder }))?.record;
}

/** Menus hand over the row, which has its record under its kind; notifications the record. */
export function recordIn(
  argument: unknown,
  kind: 'ticket' | 'publication' | 'deployment',
): TrackedId | undefined {
  if (!isRecord(argument)) return undefined;
  const candidate = argument['kind'] === kind ? argument[kind] : argument;
  if (!isRecord(candidate)) return undefined;
  const { server, uri } = candidate;
  return typeof server === 'string' && typeof uri === 'string' ? { server, uri } : undefined;
}
