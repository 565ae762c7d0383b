import type { Way, Range } from './problem.ts';
import { sentence, type Part } from '../../uforge/language/sentence.ts';

/** Longer than this no name is, and comparing takes longer with every letter. */
const longest = 100;

/** The candidate a person most likely meant by `word`, if any is close enough: case aside, one slip in three letters. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > longest) return undefined;
  const wanted = fold(word);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, fold(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * What a fix needs that a guess leads to: nothing where the guess is beyond doubt, one slip in five letters and no other
 * candidate as near; else the person chooses. `azerty` is no misspelt `Arabic`.
 */
export function unlessSure(
  word: string,
  guess: string | undefined,
  candidates: Iterable<string>,
): Pick<Way, 'choice'> {
  if (guess === undefined) return {};
  const distanceTo = (candidate: string): number => editDistance(fold(word), fold(candidate));
  const distance = distanceTo(guess);
  const isSure =
    distance <= Math.max(1, Math.floor(fold(word).length / 5)) &&
    fold(word).length > 2 * distance &&
    [...candidates].every((each) => each === guess || distanceTo(each) > distance);
  return isSure ? {} : { choice: true };
}

/** The fix that puts another value in a range's place: `shown` as a person reads it, `newText` as the file spells it. */
export function replacement(range: Range, shown: string, newText = shown): Way {
  return { title: sentence`Replace with “${shown}”`, edits: [{ range, newText }] };
}

/** `Did you mean “x”?` with a leading blank, or nothing. */
export function didYouMean(suggestion: string | undefined): Part {
  return suggestion === undefined ? '' : sentence` Did you mean “${suggestion}”?`;
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours; a row at a time, with the one before for the swaps. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (beforePrevious[j - 2] ?? 0) + 1 : Infinity;
      current.push(Math.min(replace, swap, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
