import type { Range } from '../text/problem.ts';

/** What YAML would not read as a text when it stands there without quotation marks. */
const notPlain = /^(?:$|[\d.+-]|[\s&*!|>%@`"'#{}[\],?:]|(?:true|false|yes|no|on|off|null|~)$)|[:#]\s|:$|\s$/i;

/** Writes a value as the one it replaces is written: in the same quotation marks, or without where that can be read. */
export function sameQuotes(text: string): (range: Range, value: string) => string {
  const lines = text.split(/\r\n|\n|\r/);
  return ({ start }, value) => {
    const mark = lines[start.line]?.[start.character];
    if (mark === '"') return JSON.stringify(value);
    return mark === "'" || notPlain.test(value) ? `'${value.replaceAll("'", "''")}'` : value;
  };
}
