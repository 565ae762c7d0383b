/** The five query parameters of every operation that searches and pages. `query` is FIQL. */
export const search = ['query', 'descending', 'orderBy', 'count', 'offset'] as const;
