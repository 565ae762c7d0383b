/**
 * The elements that hold secrets, wherever they occur: of cloud accounts, users and API keys. They go to a
 * server and never come back from ours. (`content` is a certificate's; other types have an innocent element
 * of that name.)
 */
export const secretElements = [
  'applicationKey',
  'downloadKey',
  'password',
  'secretAccessKeyId',
  'secretApiKey',
  'secretKey',
  'token',
] as const;

export function isSecret(name: string): boolean {
  return secretElements.some((each) => each === name);
}
