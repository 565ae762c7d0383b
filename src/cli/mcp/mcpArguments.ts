/** `mcp`: which server images are built on. */
export interface McpArguments {
  readonly command: 'mcp';
  /** Empty for the local forge. */
  readonly server: string;
  readonly user: string;
}
