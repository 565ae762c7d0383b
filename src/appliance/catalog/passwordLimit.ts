/**
 * Bytes of the longest password that can be logged in with: crypt(3) of Debian takes no more (libxcrypt,
 * CRYPT_MAX_PASSPHRASE_SIZE is 512 with the byte that ends it). How long hashing takes grows with the square of it.
 */
export const longestPassword = 511;

export function isTooLongPassword(password: string): boolean {
  // A character has a byte at least: what is far too long is not counted.
  return password.length > longestPassword || Buffer.byteLength(password) > longestPassword;
}
