/** Where in a JSON text something is typed, however unfinished it is. */
export interface JsonPlace {
  /** Keys and indexes from the root to the object or the list it is in. */
  readonly path: readonly (string | number)[];
  /** The key whose value is typed; nothing when a key is. */
  readonly key: string | undefined;
  /** Keys the object has already, with their values when those are plain. */
  readonly present: ReadonlyMap<string, string>;
  /** What is typed there, without quotation marks. */
  readonly typed: string;
  /** What it replaces, quotation marks included. */
  readonly from: number;
  readonly to: number;
  /** A value follows: only the name is replaced. */
  readonly hasValue: boolean;
}

interface Frame {
  readonly isList: boolean;
  readonly present: Map<string, string>;
  /** The key whose value comes or is there. */
  key: string | undefined;
  index: number;
}

const token = /"(?:[^"\\\r\n]|\\.)*"?|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/** Nothing outside of the outermost brackets. */
export function jsonPlaceAt(text: string, offset: number): JsonPlace | undefined {
  const frames: Frame[] = [];
  let here: Pick<JsonPlace, 'from' | 'to' | 'typed'> = { from: offset, to: offset, typed: '' };
  for (const { 0: found, index } of text.matchAll(token)) {
    if (index >= offset) break;
    const end = index + found.length;
    const frame = frames.at(-1);
    if (/^[{[]$/.test(found)) {
      frames.push({ isList: found === '[', present: new Map(), key: undefined, index: 0 });
    } else if (/^[}\]]$/.test(found)) frames.pop();
    else if (frame !== undefined && found === ',') {
      frame.key = undefined;
      frame.index++;
    } else if (found !== ':' && isInside(found, end, offset)) {
      const typed = text.slice(index, offset).replace(/^"/, '');
      here = { from: index, to: end, typed };
    } else if (frame !== undefined && !frame.isList) note(frame, found, text, end);
  }
  const frame = frames.at(-1);
  if (frame === undefined) return undefined;
  const path = frames.slice(0, -1).flatMap((each) => (each.isList ? each.index : (each.key ?? [])));
  addKeysBehind(frame, text, here.to);
  const hasValue = /^\s*:/.test(text.slice(here.to));
  return { ...here, path, key: frame.isList ? '' : frame.key, present: frame.present, hasValue };
}

/** A text ends with its quotation mark; behind it the next thing is typed. */
function isInside(found: string, end: number, offset: number): boolean {
  const isClosed = found.length > 1 && found.startsWith('"') && found.endsWith('"');
  return isClosed ? offset < end : offset <= end;
}

function note(frame: Frame, found: string, text: string, end: number): void {
  if (found === ':') return;
  const value = found.replaceAll(/^"|"$/g, '');
  if (frame.key === undefined && /^\s*:/.test(text.slice(end, end + 100))) {
    frame.key = value;
    frame.present.set(value, '');
  } else if (frame.key !== undefined) frame.present.set(frame.key, value);
}

/** The keys that follow in the same object. */
function addKeysBehind({ isList, present }: Frame, text: string, from: number): void {
  if (isList) return;
  let depth = 0;
  token.lastIndex = 0;
  for (const { 0: found, index } of text.slice(from).matchAll(token)) {
    if (/^[{[]$/.test(found)) depth++;
    else if (/^[}\]]$/.test(found) && --depth < 0) return;
    const end = from + index + found.length;
    const value = /^\s*:\s*(?:"((?:[^"\\]|\\.)*)")?/.exec(text.slice(end, end + 300));
    const isKey = depth === 0 && found.startsWith('"') && value !== null;
    const name = found.replaceAll(/^"|"$/g, '');
    if (isKey && !present.has(name)) present.set(name, value[1] ?? '');
  }
}
