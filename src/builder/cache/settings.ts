/** What the cache may take unless told otherwise: some ten appliances with their packages. Bytes. */
export const defaultCacheLimit = 10e9;
