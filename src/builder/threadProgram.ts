import { existsSync } from 'node:fs';

/**
 * The file with a thread's program: beside the one that starts it in the sources, beside the forge's in the package,
 * where that may be a chunk. @param besides the `import.meta.url` of who starts it
 */
export function threadProgram(name: string, besides: string): URL {
  const places = [`${name}.ts`, `${name}.js`, `../${name}.js`];
  const found = places.map((place) => new URL(place, besides)).find((url) => existsSync(url));
  if (found === undefined) throw new Error(`The file ${name}.js is missing: install the extension again.`);
  return found;
}
