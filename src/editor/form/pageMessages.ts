import type { FormField } from '../../appliance/form/fields.ts';

/** What the form's page shows: everything as a person reads it. The page knows no language and no rules. */
export interface PageField {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly kind: FormField['kind'];
  /** Shown behind the input: `MB`. */
  readonly unit: string;
  /** A size in MB said in GB: `= 2 GB`. */
  readonly hint: string;
  readonly values: readonly string[];
  readonly value: string;
  readonly isThere: boolean;
  /** Shown behind “More”. */
  readonly isRare: boolean;
  readonly problems: readonly PageProblem[];
}

/** Things of the same kind, which can be more and fewer, and change places. */
export interface PageList {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  /** `Add network card`. */
  readonly add: string;
  /** Said when there is none. */
  readonly none: string;
  readonly isThere: boolean;
  readonly isRare: boolean;
  readonly items: readonly PageItem[];
  readonly problems: readonly PageProblem[];
}

export interface PageItem {
  readonly id: string;
  /** `Network card 2`. */
  readonly title: string;
  /** The values that tell it from the others. */
  readonly summary: string;
  readonly fields: readonly PageField[];
  readonly lists: readonly PageList[];
  readonly problems: readonly PageProblem[];
}

export interface PageProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
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
