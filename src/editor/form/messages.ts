/** What the form's page shows: everything as a person reads it. The page knows no language and no rules. */
export interface PageField {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly kind: 'text' | 'number' | 'flag' | 'choice';
  /** Shown behind the input: `MB`. */
  readonly unit: string;
  /** A size in MB said in GB: `= 2 GB`. */
  readonly hint: string;
  readonly values: readonly string[];
  readonly value: string;
  readonly isThere: boolean;
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
}

export interface PageAction {
  readonly name: 'generate' | 'simulate' | 'checkOnServer' | 'showText';
  readonly title: string;
}

export interface Page {
  readonly title: string;
  /** One sentence on the state of the request. */
  readonly summary: string;
  readonly state: 'right' | 'warnings' | 'errors';
  readonly actions: readonly PageAction[];
  readonly sections: readonly PageSection[];
  readonly others: readonly PageProblem[];
  /** Words the page needs: for a value that is not set, and for taking one out. */
  readonly words: { readonly notSet: string; readonly remove: string; readonly othersTitle: string };
}

/** What the page asks for. */
export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'set'; readonly id: string; readonly value: string }
  | { readonly type: 'fix'; readonly fix: PageFix; readonly line: number }
  | { readonly type: 'reveal'; readonly line: number }
  | { readonly type: 'act'; readonly name: PageAction['name'] };
