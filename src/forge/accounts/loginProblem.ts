/** What is wrong with a login, as the end of a sentence; undefined for one that can be one. */
export function loginProblem(login: string): string | undefined {
  if (login === '') return 'must not be empty.';
  if (login.includes(':')) return 'must not contain a colon: HTTP Basic has no way to send it.';
  if (login.includes('\\')) return 'must not contain a backslash: it stands between a supervisor and a user.';
  // eslint-disable-next-line no-control-regex -- these are the ones meant
  if (/[\u0000-\u001F\u007F]/.test(login)) return 'must not contain control characters.';
  return login.length > 255 ? 'must not have more than 255 characters.' : undefined;
}
