import type { AskedSources } from '../catalog/packageRepositories.ts';
import type { SystemName } from '../catalog/serverKnowledge.ts';

/** Something that may be typed at a place. */
export interface Completion<Text = string> {
  readonly label: string;
  readonly kind: 'element' | 'key' | 'value' | 'type' | 'snippet';
  /** One line: a kind, a unit, `required`. */
  readonly detail: Text;
  /** Markdown. */
  readonly documentation: Text;
  /** With the places to fill in as snippets have them: `$1`, `${1:text}`, `$0`. */
  readonly insertText: string;
  /** What it replaces, as offsets into the text. */
  readonly from: number;
  readonly to: number;
}

/** What is known about the thing at a place. */
export interface Explanation<Text = string> {
  /** Markdown. */
  readonly text: Text;
  readonly from: number;
  readonly to: number;
}

/** A package whose name is being typed: the system it is for, and what is there of the name. */
export interface TypedPackage {
  readonly system: SystemName;
  /** Where the template looks for packages. */
  readonly sources: AskedSources;
  readonly typed: string;
  /** What the name replaces, as offsets into the text. */
  readonly from: number;
  readonly to: number;
}

/** Text that stands for itself in a snippet. */
export function escapeSnippet(text: string): string {
  return text.replaceAll(/[\\$}]/g, '\\$&');
}
