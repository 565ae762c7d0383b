import type { Plugin } from 'esbuild';

/**
 * Leaves out what two libraries bring twice or in vain: 200 KB of the bundles.
 * - undici carries its HTTP parser as WebAssembly with and without SIMD, and takes the second where the first does not
 *   run. The one that runs everywhere stands in for both; both parse headers, the bodies pass them by.
 * - The MCP SDK's server brings Ajv to check what a client answers to its questions. Ours asks none.
 */
export const lean: Plugin = {
  name: 'lean',
  setup(build) {
    build.onResolve({ filter: /\/llhttp_simd-wasm\.js$/ }, ({ path, ...where }) =>
      build.resolve(path.replace('llhttp_simd-wasm', 'llhttp-wasm'), {
        importer: where.importer,
        kind: where.kind,
        resolveDir: where.resolveDir,
      }),
    );
    build.onResolve({ filter: /\/validation\/ajv-provider\.js$/ }, () => ({
      path: 'ajv-provider',
      namespace: 'lean',
    }));
    build.onLoad({ filter: /^ajv-provider$/, namespace: 'lean' }, () => ({
      contents: `export class AjvJsonSchemaValidator {
        getValidator() { throw new Error('The MCP server asks its client nothing: there is no validator in the bundle.'); }
      }`,
    }));
  },
};
