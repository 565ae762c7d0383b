import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { brotliCompressSync } from 'node:zlib';
import type { Plugin } from 'esbuild';

/** What is never run, and what it says if it is after all. */
const neverUsed: readonly { readonly path: RegExp; readonly contents: string }[] = [
  {
    // The MCP SDK's server checks with Ajv what a client answers to its questions. Ours asks none.
    path: /\/validation\/ajv-provider\.js$/,
    contents: `export class AjvJsonSchemaValidator {
      getValidator() { throw new Error('The MCP server asks its client nothing: there is no validator in the bundle.'); }
    }`,
  },
  {
    // undici speaks HTTP/2 only where it is allowed to (allowH2). Nobody allows it.
    path: /^\.\/client-h2\.js$/,
    contents: `module.exports = () => { throw new Error('HTTP/2 is not in the bundle.'); }`,
  },
  {
    // undici borrows from fetch() to send forms. We send bytes and streams.
    path: /\/web\/fetch\/body\.js$/,
    contents: `exports.extractBody = () => { throw new Error('Forms are not in the bundle.'); }`,
  },
  {
    // undici tells listeners of Node's diagnostics what it does, and with NODE_DEBUG the terminal. Nobody listens.
    path: /(?:\/core|^\.)\/diagnostics(?:\.js)?$/,
    contents: `const silent = { hasSubscribers: false, publish() {} };
      module.exports = { channels: new Proxy({}, { get: () => silent }) };`,
  },
  {
    // streamx turns bytes into text for those who ask it to. We take the bytes.
    path: /^text-decoder$/,
    contents: `module.exports = class { constructor() { throw new Error('streamx makes no text in the bundle.'); } };`,
  },
  {
    // yaml can write, change and walk through what its parser read, token by token. We edit texts.
    path: /^\.\/cst-(scalar|stringify|visit)\.js$/,
    contents: `const never = () => { throw new Error('Tokens of YAML are not changed in the bundle.'); };
      module.exports = { createScalarToken: never, resolveAsScalar: never, setScalarValue: never, stringify: never, visit: never };`,
  },
];

/** zod can describe its schemas as JSON schemas. It does so here, once, and the bundle has what came of it. */
const inputSchemas = /\/agents\/inputSchemas\.ts$/;
const zodJsonSchemas = /\/zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/;

/** zod remembers what it has read where values go round in circles. JSON doesn't. */
const zodMemory = /\/zod\/v4\/core\/memoizer\.js$/;
const noMemory = `export class $ZodCyclicError extends Error {}
  export const isRecursiveSchema = () => false;
  export const memoizer = () => undefined;
  export const isBackEdge = () => false;`;

const httpParser = 'undici/lib/llhttp/llhttp-wasm.js';

/**
 * Leaves out what libraries bring twice or in vain, and what our tables say again and again: 300 KB of the bundles.
 * undici carries its HTTP parser as WebAssembly with and without SIMD, and takes the second where the first does not
 * run; the one that runs everywhere stands in for both, packed. A parser sees headers only, the bodies pass it by.
 */
export const lean: Plugin = {
  name: 'lean',
  setup(build) {
    const parser = { path: 'parser', namespace: 'lean' };
    build.onResolve({ filter: /\/llhttp(_simd)?-wasm\.js$/ }, () => parser);
    build.onLoad({ filter: /^parser$/, namespace: 'lean' }, () => ({ contents: packedParser() }));
    const parserNames = { path: 'parserNames', namespace: 'lean' };
    build.onResolve({ filter: /\/llhttp\/constants\.js$/ }, () => parserNames);
    build.onLoad({ filter: /^parserNames$/, namespace: 'lean' }, async () => ({
      contents: await usedNames(),
    }));
    build.onLoad({ filter: inputSchemas }, async ({ path }) => ({ contents: await workedOut(path) }));
    build.onLoad({ filter: zodJsonSchemas }, async ({ path }) => ({
      contents: await withoutJsonSchemas(path),
    }));
    build.onLoad({ filter: zodMemory }, () => ({ contents: noMemory }));
    build.onLoad({ filter: schemaTables }, async ({ path }) => ({
      contents: wordsOnce(await readFile(path, 'utf8')),
      loader: 'ts',
    }));
    for (const [index, { path, contents }] of neverUsed.entries()) {
      const libraries = /node_modules\/(undici|@modelcontextprotocol|streamx|yaml)\//;
      build.onResolve({ filter: path }, ({ importer }) =>
        libraries.test(importer) ? { path: String(index), namespace: 'lean' } : undefined,
      );
      build.onLoad({ filter: new RegExp(`^${index}$`), namespace: 'lean' }, () => ({ contents }));
    }
  },
};

/** Our tables of types and operations: the names of a few types, thousands of times. */
const schemaTables = /\/src\/uforge\/schema\/(types\/\w+|\w+Operations|elements)\.ts$/;

/** A table in which a word that is said often is written once. */
function wordsOnce(code: string): string {
  const value = /(?<=[:[,] |\[)'(\w+)'(?=[,\]} \n])/g;
  const counts = new Map<string, number>();
  for (const [, word = ''] of code.matchAll(value)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const often = [...counts].filter(([word, count]) => word.length > 2 && count > 2).map(([word]) => word);
  if (often.length === 0) return code;
  const names = new Map(often.map((word) => [word, `$${word}`]));
  const declared = often.map((word) => `$${word} = '${word}'`).join(', ');
  return `let ${declared}; ${code.replaceAll(value, (all, word: string) => names.get(word) ?? all)}`;
}

/** Unpacked with the first request: 45 KB less to ship. */
function packedParser(): string {
  const wasm = createRequire(import.meta.url)(httpParser) as Buffer;
  const packed = brotliCompressSync(wasm).toString('base64');
  return `module.exports = require('node:zlib').brotliDecompressSync(Buffer.from('${packed}', 'base64'));`;
}

/** Of the parser's tables (character classes, methods, statuses) those that the client looks into: 1 KB of 11. */
async function usedNames(): Promise<string> {
  const require = createRequire(import.meta.url);
  const client = await readFile(require.resolve('undici/lib/dispatcher/client-h1.js'), 'utf8');
  const used = new Set([...client.matchAll(/\bconstants\.(\w+)/g)].map(([, name]) => name));
  const all = require('undici/lib/llhttp/constants.js') as Readonly<Record<string, unknown>>;
  const kept = Object.entries(all).filter(([name]) => used.has(name));
  return `module.exports = ${JSON.stringify(Object.fromEntries(kept))};`;
}

/** The module's exports as data. */
async function workedOut(path: string): Promise<string> {
  const exported = Object.entries((await import(path)) as Record<string, unknown>);
  return exported.map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`).join('\n');
}

/** The module's exports, of which those that make functions make some that refuse. */
async function withoutJsonSchemas(path: string): Promise<string> {
  const names = Object.keys((await import(path)) as Record<string, unknown>);
  const of = (name: string): string => (name.startsWith('create') ? `() => never` : 'never');
  const exported = names.map((name) => `const $${name} = ${of(name)}; export { $${name} as ${name} };`);
  return [
    `const never = () => { throw new Error('The JSON schemas of zod are not in the bundle.'); };`,
    ...exported,
  ].join('\n');
}
