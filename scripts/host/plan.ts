/** What the harness tells the entry inside the editor, in `plan.json` beside it. */
export interface Plan {
  /** Bundled test files, relative to the entry. */
  files: string[];
  /** Only tests whose full title matches this regular expression. */
  grep?: string;
  /** Unix socket that wants the report. */
  socket: string;
  color?: true;
}
