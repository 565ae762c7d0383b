/** What a key of the template language means, for a person. */
export interface TemplateKeyDoc {
  readonly text: string;
  readonly unit?: 'MB';
  /** What to start with. */
  readonly example?: unknown;
}
