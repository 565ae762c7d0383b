/** The forge can't start as things stand; the message says why and what to do, for whoever started it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
