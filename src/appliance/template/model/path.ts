import type { Way, Range } from '../../text/problem.ts';
import { sentence, type Part } from '../../../uforge/language/sentence.ts';

/** Where in the template something is: `['stack', 'config', 0, 'source']`. */
export type TemplatePath = readonly (string | number)[];

/** Where in its text a template's values are, and how to add to it: for whoever finds something wrong. */
export interface TemplatePlaces {
  /** The range of the value at a path that was read, else of the nearest thing above it. */
  readonly rangeAt: (path: TemplatePath) => Range;
  /** Adds a key with its example to the object at a path; nothing where that can't be done in the text. */
  readonly additionAt: (path: TemplatePath, key: string) => Way | undefined;
}

/** How a sentence about what is at a path begins. */
export function subject(path: TemplatePath): Part {
  return path.length === 0 ? sentence`The template` : named(path);
}

/** `stack.config[0].source`, or “The template” for the whole. */
export function named(path: TemplatePath): string {
  if (path.length === 0) return 'The template';
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index ? '.' : ''}${part}`))
    .join('');
}
