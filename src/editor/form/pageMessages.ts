import type { FormField } from '../../appliance/form/fields.ts';
import type { FormItem, FormList } from '../../appliance/form/lists.ts';
import type { Problem } from '../../appliance/text/problem.ts';

/** A part of the form, with its problems as the page shows them. */
type Shown<T> = Omit<T, 'problems'> & { readonly problems: readonly PageProblem[] };

/** What the form's page shows: everything as a person reads it. The page knows no language and no rules. */
export interface PageField extends Shown<Omit<FormField, 'unit' | 'values'>> {
  readonly label: string;
  /** Shown behind the input: `MB`. */
  readonly unit: string;
  /** A size in MB said in GB: `= 2 GB`. */
  readonly hint: string;
  readonly values: readonly string[];
}

/** Things of the same kind, which can be more and fewer, and change places. */
export interface PageList extends Shown<Omit<FormList, 'item' | 'items'>> {
  readonly label: string;
  /** `Add network card`. */
  readonly add: string;
  /** Said when there is none. */
  readonly none: string;
  readonly items: readonly PageItem[];
}

export interface PageItem extends Shown<Omit<FormItem, 'fields' | 'lists'>> {
  /** `Network card 2`. */
  readonly title: string;
  readonly fields: readonly PageField[];
  readonly lists: readonly PageList[];
}

export interface PageProblem extends Pick<Problem, 'severity' | 'message'> {
  /** `Line 3`. */
  readonly place: string;
  /** From 0. */
  readonly line: number;
  readonly fixes: readonly PageFix[];
}

/** A way out, with what finds the problem again in the text as it is now. */
export interface PageFix {
  readonly title: string;
  readonly code: string;
  readonly index: number;
}

export interface PageSection {
  readonly id: string;
  readonly title: string;
  readonly fields: readonly PageField[];
  readonly lists: readonly PageList[];
}

export interface PageAction {
  readonly name: 'generate' | 'simulate' | 'checkOnServer' | 'showText';
  readonly title: string;
}

export interface Page {
  /** How many changes the page has asked for that are made, or were found to be none. */
  readonly answered: number;
  readonly title: string;
  /** One sentence on the state of the request. */
  readonly summary: string;
  readonly state: 'right' | 'warnings' | 'errors';
  readonly actions: readonly PageAction[];
  readonly sections: readonly PageSection[];
  readonly others: readonly PageProblem[];
  readonly words: PageWords;
}

/** Words the page needs by itself. */
export interface PageWords {
  /** For a value that is not there. */
  readonly notSet: string;
  readonly remove: string;
  readonly moveUp: string;
  readonly moveDown: string;
  /** What opens the values nobody begins with. */
  readonly more: string;
  readonly othersTitle: string;
}

/** What the page asks for. */
export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'set'; readonly id: string; readonly value: string }
  /** Another item of a list. */
  | { readonly type: 'add'; readonly id: string }
  /** An item, out of its list. */
  | { readonly type: 'remove'; readonly id: string }
  | { readonly type: 'move'; readonly id: string; readonly by: -1 | 1 }
  | { readonly type: 'fix'; readonly fix: PageFix; readonly line: number }
  | { readonly type: 'reveal'; readonly line: number }
  | { readonly type: 'act'; readonly name: PageAction['name'] };
