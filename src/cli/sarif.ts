import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Problem } from '../appliance/text/problem.ts';

/** A file and everything that is wrong in it. */
export interface CheckedFile {
  /** As it was named. */
  readonly file: string;
  readonly problems: readonly Problem[];
}

/**
 * What code scanning reads: SARIF 2.1.0, one result a problem. Paths stay as they were given, relative to the
 * checkout.
 */
export function sarifLog(checked: readonly CheckedFile[]): object {
  const codes = new Set(checked.flatMap(({ problems }) => problems.map(({ code }) => code)));
  const results = checked.flatMap(({ file, problems }) =>
    problems.map(({ code, severity, message, range: { start, end } }) => ({
      ruleId: code,
      level: severity,
      message: { text: message },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(file) },
            region: {
              startLine: start.line + 1,
              startColumn: start.character + 1,
              endLine: end.line + 1,
              endColumn: end.character + 1,
            },
          },
        },
      ],
    })),
  );
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Appliance Forge', rules: [...codes].sort().map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
}

function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file
    .replace(/^\.[\\/]/, '')
    .split(/[\\/]/)
    .map(encodeURIComponent)
    .join('/');
}
