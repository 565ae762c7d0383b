import { readFile } from 'node:fs/promises';

/** The numbers of a JSON file, by name; none where it is missing or broken, for nothing depends on having them. */
export async function keptNumbers(file: string): Promise<Map<string, number>> {
  try {
    const parsed = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    return new Map(
      Object.entries(parsed).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    );
  } catch {
    return new Map();
  }
}
