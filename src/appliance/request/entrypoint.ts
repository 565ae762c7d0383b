/**
 * The command a container starts, as a request has it: a JSON array, which is Docker's exec form; a list as Python
 * writes one, which is what hammr makes of a list in a template (`str(builder["entrypoint"])`); or a line for the shell.
 */
export function parseEntrypoint(text: string): readonly string[] {
  return jsonList(text) ?? pythonList(text) ?? ['/bin/sh', '-c', text];
}

function jsonList(text: string): readonly string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.every((part) => typeof part === 'string') ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** One item: a text in either kind of quotes, of Python 2 perhaps with a `u` before it, or a number. */
const item = /\s*(?:u?'((?:[^'\\]|\\.)*)'|u?"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?))\s*/y;

function pythonList(text: string): readonly string[] | undefined {
  const inside = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1];
  if (inside === undefined) return undefined;
  const parts: string[] = [];
  for (let at = 0; at <= inside.length; at++) {
    item.lastIndex = at;
    const found = item.exec(inside);
    if (found === null) return undefined;
    const [whole, single, double, number = ''] = found;
    const quoted = single ?? double;
    parts.push(quoted === undefined ? number : unescaped(quoted));
    at += whole.length;
    if (at < inside.length && inside[at] !== ',') return undefined;
  }
  return parts;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unescaped(text: string): string {
  return text.replaceAll(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gis,
    (whole, two?: string, four?: string, eight?: string, other = '') => {
      const hex = two ?? four ?? eight;
      if (hex === undefined) return escapes[String(other)] ?? String(other);
      const code = parseInt(hex, 16);
      return code > 0x10ffff ? whole : String.fromCodePoint(code);
    },
  );
}
