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

/**
 * The text after the first fix of every problem that leaves no choice, again and again until there is nothing left
 * to fix. A fix that would overlap another waits for the next round.
 */
export function fixAll(text: string, check: (text: string) => readonly Problem[]): string {
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
