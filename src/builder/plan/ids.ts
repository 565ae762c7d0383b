import { createHash } from 'node:crypto';

/** The same stack gives the same ids: a version 8 UUID (RFC 9562) of its hash. */
export function uuidFrom(seed: string, purpose: string): string {
  const hex = createHash('sha256').update(`${purpose}\n${seed}`).digest('hex');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
