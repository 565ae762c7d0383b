import type { Fix, Problem, TextEdit } from './problem.ts';
import { TextPlaces } from './places.ts';

/** The text after edits that don't overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const places = new TextPlaces(text);
  const inOrder = edits
    .map(({ range, newText }) => ({
      from: places.offset(range.start),
      to: places.offset(range.end),
      newText,
    }))
    .toSorted((a, b) => a.from - b.from || a.to - b.to);
  let result = '';
  let at = 0;
  for (const { from, to, newText } of inOrder) {
    result += text.slice(at, from) + newText;
    at = Math.max(at, to);
  }
  return result + text.slice(at);
}

/** One fix can uncover what the next is about; more rounds than that no real document needs. */
const maxRounds = 50;

type Check = (text: string) => readonly Problem[];

/**
 * The text after the first fix of every problem that leaves no choice, again and again until there is nothing left
 * to fix. It has no kind of problem that it did not have: a fix that brings one, or uncovers one that no other fix
 * mends, is left to the person.
 */
export function fixAll(text: string, check: Check): string {
  const isNoWorse = noWorseThan(text, check);
  const whole = fixedInRounds(text, check);
  if (whole === text || isNoWorse(whole)) return whole;
  let current = text;
  for (let round = 0; round < maxRounds; round++) {
    const next = firstOf(check(current), (fix) => {
      const changed = applyEdits(current, fix.edits);
      if (changed === current) return undefined;
      const rest = fixedInRounds(changed, check);
      return [rest, changed].find(isNoWorse);
    });
    if (next === undefined) break;
    current = next;
  }
  return current;
}

function noWorseThan(text: string, check: Check): (text: string) => boolean {
  const kinds = new Set(check(text).map(({ code }) => code));
  return (each) => check(each).every(({ code }) => kinds.has(code));
}

function firstOf(
  problems: readonly Problem[],
  outcome: (fix: Fix) => string | undefined,
): string | undefined {
  for (const fix of problems.map(automaticFix)) {
    const next = fix && outcome(fix);
    if (next !== undefined) return next;
  }
  return undefined;
}

/** A fix that would overlap another waits for the next round. */
function fixedInRounds(text: string, check: Check): string {
  let current = text;
  for (let round = 0; round < maxRounds; round++) {
    const problems = check(current);
    const fixable = problems.filter((problem) => automaticFix(problem) !== undefined);
    // What looks missing may be there under a wrong name: errors come first.
    const errors = fixable.filter(({ severity }) => severity === 'error');
    const edits = fixesAtOnce(errors.length > 0 ? errors : fixable, new TextPlaces(current));
    const next = edits.length === 0 ? current : applyEdits(current, edits);
    if (next === current) break;
    current = next;
  }
  return current;
}

function fixesAtOnce(problems: readonly Problem[], places: TextPlaces): TextEdit[] {
  const taken: { from: number; to: number }[] = [];
  const edits: TextEdit[] = [];
  for (const fix of problems.map(automaticFix)) {
    if (fix === undefined) continue;
    const spans = fix.edits.map(({ range }) => ({
      from: places.offset(range.start),
      to: places.offset(range.end),
    }));
    const overlaps = spans.some((span) =>
      taken.some((other) => span.from <= other.to && other.from <= span.to),
    );
    if (overlaps) continue;
    taken.push(...spans);
    edits.push(...fix.edits);
  }
  return edits;
}

/** The fix of a problem that may be made without asking. */
export function automaticFix({ fixes }: Problem): Fix | undefined {
  const [first] = fixes ?? [];
  return first?.choice === true ? undefined : first;
}
