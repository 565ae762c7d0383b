/** A tool the build can't do without, and the Debian package that brings it. */
export interface MissingTool {
  readonly tool: string;
  readonly package: string;
  /** The command that helps, where installing the package doesn't. */
  readonly remedy?: string;
}
