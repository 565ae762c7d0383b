/** The command line, the environment or the configuration is wrong; the message says what about it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
