import { randomUUID } from 'node:crypto';

/** The name of an entry that is being written, or is being removed: whose it is can be told, and nobody takes it for one. */
export function scrapName(key: string): string {
  return `.${key}.${randomUUID()}.tmp`;
}

/** Whose it is; undefined for any other name. */
export function keyOfScrap(name: string): string | undefined {
  return /^\.(.+)\.[0-9a-f-]{36}\.tmp$/.exec(name)?.[1];
}
