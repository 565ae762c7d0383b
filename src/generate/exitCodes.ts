/** What the exit code of a job without a person means: of the command line, and of a task in the editor. */
export const exitCodes = {
  /** The image is there and verified. */
  done: 0,
  /** The generation failed, or the image is not what its tests say. */
  failed: 1,
  /** The input is wrong: options, definition, request. */
  input: 2,
  /** The server can't be reached or refuses. */
  server: 3,
  /** The machine did not come up. */
  machine: 4,
  /** Interrupted; the ticket has been cancelled on the server. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
