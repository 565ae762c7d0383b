/** It can’t be done as it was asked: the message says what is wrong and what would be right. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
