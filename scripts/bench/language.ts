import { createRequire } from 'node:module';
import { completeAt } from '../../src/appliance/language/language.ts';
import { outlineOf } from '../../src/appliance/language/outline.ts';
import { kindOfText } from '../../src/appliance/find/kindOfText.ts';
import { parseRepresentation } from '../../src/appliance/request/representation.ts';
import { parseTemplate } from '../../src/appliance/template/parseTemplate.ts';
import { templateSchema } from '../../src/appliance/template/model/schema.ts';
import { Failure } from '../lib/interruption.ts';
import { largeRequest, largeTemplate } from './largeDefinitions.ts';
import type { Row } from './report.ts';

/** What we are measured against is a package folder of its own, which only this command installs. */
const anchors = createRequire(new URL('./anchors/package.json', import.meta.url));

/**
 * What a person notices: an answer within a twentieth of a second after the key. Of a megabyte, which nobody has
 * written yet, half a second is expected.
 */
const aims = { usual: 50, megabyte: 500 };
const keys = 15;
/** What is measured of the anchors, which take up to a second each time. */
const anchorKeys = 4;

/** Somebody types at several places of a file, right or half typed; of the times the middle one. */
export async function benchLanguage(): Promise<Row[]> {
  return [
    ...(await benchRequest(largeRequest(910), aims.usual)),
    ...(await benchRequest(largeRequest(), aims.megabyte)),
    ...(await benchTemplate(largeTemplate(1000, 0), aims.usual)),
    ...(await benchTemplate(largeTemplate(), aims.megabyte)),
  ];
}

async function benchRequest(text: string, aim: number): Promise<Row[]> {
  if (parseRepresentation(text).problems.length > 0) throw new Failure('The large request has problems.');
  const { parse } = anchors('@xml-tools/parser') as { parse: (text: string) => unknown };
  const anchor = await middle(anchorKeys, text, 'x', '</fullName>', (typed) => parse(typed));
  const anchorName = 'XML Toolkit’s parser, parsing only';
  const note = size(text);
  const row = (what: string, ours: number, isAimed = true): Row => {
    return { what, unit: 'ms', ours, anchorName, anchor, atMost: isAimed ? aim : undefined, note };
  };
  const check = (before: string, piece: string): Promise<number> =>
    middle(keys, text, piece, before, (typed) => {
      kindOfText('large.xml', typed);
      return parseRepresentation(typed);
    });
  const complete = await middle(keys, text, '<na', '<name>', (typed, offset) =>
    completeAt('representation', typed, offset),
  );
  const outline = await middle(keys, text, 'x', '</fullName>', (typed) => outlineOf('representation', typed));
  return [
    row('request: diagnostics after a key', await check('</fullName>', 'x')),
    row('request: diagnostics, half typed', await check('<name>', '<na')),
    row('request: diagnostics, a tag not closed', await check('<name>', '<user>')),
    row('request: completion', complete),
    row('request: outline, lenses, hints', outline, false),
  ];
}

async function benchTemplate(text: string, aim: number): Promise<Row[]> {
  if (parseTemplate(text, 'yaml').problems.length > 0) throw new Failure('The large template has problems.');
  const anchor = yamlLanguageServer();
  const check = (before: string, piece: string): Promise<number> =>
    middle(keys, text, piece, before, (typed) => {
      kindOfText('template.yml', typed);
      return parseTemplate(typed, 'yaml');
    });
  // Places that both templates have: a package’s name, and its key.
  const [inName, inKey] = ['\n      - name: package', 'name: package'];
  const theirs = await middle(anchorKeys, text, 'x', inName, anchor.validate);
  const theirCompletion = await middle(anchorKeys, text, 'ta', inKey, anchor.complete);
  const complete = await middle(keys, text, 'ta', inKey, (typed, offset) =>
    completeAt('template', typed, offset),
  );
  const outline = await middle(keys, text, 'x', inName, (typed) => outlineOf('template', typed));
  const note = size(text);
  const anchorName = 'yaml-language-server';
  const row = (what: string, ours: number, than: number, isAimed = true): Row => {
    return { what, unit: 'ms', ours, anchorName, anchor: than, atMost: isAimed ? aim : undefined, note };
  };
  return [
    row('template: diagnostics after a key', await check(inName, 'x'), theirs),
    row('template: diagnostics, half typed', await check(inKey, 'ta\n        '), theirs),
    row('template: diagnostics, a text not closed', await check('package-', '"'), theirs),
    row('template: completion', complete, theirCompletion),
    row('template: outline, lenses, hints', outline, theirs, false),
  ];
}

/** The text with a piece typed before one of the places of a mark: every key at another one. */
function typedIn(text: string, key: number, piece: string, mark: string) {
  const found = text.indexOf(mark, Math.floor((text.length * ((key * 7) % keys)) / (keys + 1)));
  const at = found < 0 ? text.indexOf(mark) : found;
  return { text: text.slice(0, at) + piece + text.slice(at), offset: at + piece.length };
}

/**
 * The middle one of the times, in milliseconds, that some work takes on the text after each of a number of
 * keys: a piece typed before a mark. A first key warms up.
 */
async function middle(
  count: number,
  text: string,
  piece: string,
  mark: string,
  work: (typed: string, offset: number) => unknown,
): Promise<number> {
  const first = typedIn(text, count, piece, mark);
  await work(first.text, first.offset);
  const times: number[] = [];
  for (let key = 0; key < count; key++) {
    const typed = typedIn(text, key, piece, mark);
    const started = performance.now();
    await work(typed.text, typed.offset);
    times.push(performance.now() - started);
  }
  return times.toSorted((x, y) => x - y)[count >> 1] ?? 0;
}

/**
 * Red Hat's language server for YAML, which is what somebody would use otherwise, with the schema we ship.
 */
function yamlLanguageServer() {
  const { getLanguageService } = anchors('yaml-language-server') as YamlLanguageServer;
  const { TextDocument } = anchors('vscode-languageserver-textdocument') as TextDocuments;
  const uri = 'file:///template.yml';
  const service = getLanguageService({
    schemaRequestService: () => Promise.reject(new Error('There is no network here.')),
    workspaceContext: { resolveRelativePath: (relative: string) => relative },
  });
  const schema = templateSchema();
  service.configure({
    validate: true,
    completion: true,
    schemas: [{ fileMatch: ['template.yml'], uri: 'file:///template.schema.json', schema }],
  });
  let version = 0;
  const open = (text: string) => TextDocument.create(uri, 'yaml', ++version, text);
  return {
    validate: (text: string) => service.doValidation(open(text), false),
    complete: async (text: string, offset: number) => {
      const document = open(text);
      return service.doComplete(document, document.positionAt(offset), false);
    },
  };
}

interface TextDocument {
  positionAt(offset: number): object;
}

interface TextDocuments {
  readonly TextDocument: {
    create(uri: string, language: string, version: number, text: string): TextDocument;
  };
}

/** What we use of it. */
interface YamlLanguageServer {
  getLanguageService: (parameters: object) => {
    configure(settings: object): void;
    doValidation(document: TextDocument, isKubernetes: boolean): Promise<unknown>;
    doComplete(document: TextDocument, position: object, isKubernetes: boolean): Promise<unknown>;
  };
}

function size(text: string): string {
  return text.length < 1e6 ? `${Math.round(text.length / 1000)} KB` : `${(text.length / 1e6).toFixed(1)} MB`;
}
