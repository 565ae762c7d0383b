export function onPath(program: string): string | undefined;
export function findBrowser(): string | undefined;
