import { isMap, isNode, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import { parseApplianceUri, parseImageUri } from '../../uforge/uris.ts';
import type { DefinitionKind } from '../definitions.ts';
import { templateDoc } from '../templateDocs.ts';
import {
  templateTypes,
  type TemplateFieldType,
  type TemplateRow,
  type TemplateTypeName,
} from '../templateTypes.ts';
import { TextPlaces } from '../textPlaces.ts';
import { childNamed, type XmlElement } from '../xmlElement.ts';
import { scanXml } from '../xmlScanner.ts';

/** A piece of a definition, as offsets into its text. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/** An element or a key, with what is in it. */
export interface Entry extends Piece {
  readonly name: string;
  /** Its value, or the value that tells items of a list apart. */
  readonly detail: string;
  /** Of the name alone. */
  readonly nameFrom: number;
  readonly nameTo: number;
  readonly kind: 'object' | 'list' | 'value';
  readonly children: readonly Entry[];
}

/** A place an image can be generated from: the whole definition, or one of a template's builders. */
export interface Buildable extends Piece {
  /** Of the builder. */
  readonly targetFormat?: string;
}

/** A size in MB that is easier read in GB; `to` is where that can be said. */
export interface Size extends Piece {
  readonly megabytes: number;
}

/** A file beside the template. */
export interface FileReference extends Piece {
  readonly path: string;
}

/** An object of the server that is named by its address: `users/me/appliances/201`. */
export interface ObjectReference extends Piece {
  readonly uri: string;
}

/** What an editor shows around a definition's text. */
export interface Outline {
  readonly entries: readonly Entry[];
  readonly buildables: readonly Buildable[];
  readonly sizes: readonly Size[];
  readonly files: readonly FileReference[];
  readonly objects: readonly ObjectReference[];
}

/** Smaller than this a number of MB needs no help. */
const helpFrom = 1024;
const xmlSizes: ReadonlySet<string> = new Set(['memorySize', 'diskSize', 'swapSize', 'ebsVolumeSize']);
/** What has a `size` in MB; that of an image is in bytes. */
const xmlDisks: ReadonlySet<string> = new Set([
  'disk',
  'partition',
  'logicalVolume',
  'logicalGroup',
  'volume',
]);
const xmlReferences: ReadonlySet<string> = new Set(['parentUri', 'applianceUri', 'imageUri']);

/** Reads what is there, however unfinished. */
export function outlineOf(kind: DefinitionKind, text: string): Outline {
  return kind === 'representation' ? outlineOfXml(text) : outlineOfTemplate(text);
}

function outlineOfXml(text: string): Outline {
  const { root } = scanXml(text, new TextPlaces(text));
  if (root === undefined) return { entries: [], buildables: [], sizes: [], files: [], objects: [] };
  const sizes: Size[] = [];
  const objects: ObjectReference[] = [];
  const visit = (element: XmlElement): Entry => {
    const nameFrom = element.start + 1;
    const nameTo = nameFrom + (element.prefix === '' ? 0 : element.prefix.length + 1) + element.name.length;
    const isLeaf = element.children.length === 0;
    if (isLeaf && element.text !== '') {
      const content = text.slice(element.contentStart, element.contentEnd);
      const to = element.contentStart + content.trimEnd().length;
      const place = { from: to - element.text.length, to };
      const isSize =
        element.name === 'size' ? xmlDisks.has(element.parent?.name ?? '') : xmlSizes.has(element.name);
      if (isSize && /^\d{1,9}$/.test(element.text) && Number(element.text) >= helpFrom) {
        sizes.push({ ...place, megabytes: Number(element.text) });
      }
      if (xmlReferences.has(element.name) && isObjectUri(element.text)) {
        objects.push({ ...place, uri: element.text });
      }
    }
    const named = childNamed(element, 'name')?.text ?? '';
    return {
      name: element.name,
      detail: isLeaf ? (element.name === 'password' ? '' : element.text) : named,
      from: element.start,
      to: element.end,
      nameFrom,
      nameTo,
      kind: isLeaf ? 'value' : 'object',
      children: element.children.map(visit),
    };
  };
  const entries = [visit(root)];
  const buildables = root.name === 'image' ? [{ from: root.start, to: root.contentStart }] : [];
  return { entries, buildables, sizes, files: [], objects };
}

function outlineOfTemplate(text: string): Outline {
  const reader = new TemplateOutline(text);
  const { contents } = parseDocument(text, { logLevel: 'silent', uniqueKeys: false });
  const entries = reader.entriesOf(contents, 'Template', 0);
  const { buildables, sizes, files } = reader;
  const [first] = entries;
  const whole = first === undefined ? [] : [{ from: first.nameFrom, to: first.nameTo }];
  return { entries, buildables: [...whole, ...buildables], sizes, files, objects: [] };
}

/** Deeper no template goes. */
const maxDepth = 32;

class TemplateOutline {
  readonly buildables: Buildable[] = [];
  readonly sizes: Size[] = [];
  readonly files: FileReference[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  entriesOf(node: unknown, type: TemplateFieldType | undefined, depth: number): readonly Entry[] {
    if (depth > maxDepth) return [];
    if (isSeq(node)) {
      const item = Array.isArray(type) ? (type[0] as TemplateFieldType) : undefined;
      return node.items.flatMap((each, index) => this.#item(each, index, item, depth));
    }
    if (!isMap(node)) return [];
    const row = typeof type === 'string' && isRow(type) ? type : undefined;
    return node.items.flatMap((pair) => {
      if (!isPair(pair) || !isScalar(pair.key) || !pair.key.range) return [];
      const key = String(pair.key.value);
      const [nameFrom, nameTo] = pair.key.range;
      const value = this.#spanOf(pair.value) ?? { from: nameFrom, to: nameTo };
      if (row !== undefined) this.#note(row, key, pair.value, { from: nameFrom, to: value.to });
      const children = this.entriesOf(pair.value, row && fieldType(row, key), depth + 1);
      const detail = isScalar(pair.value) && key !== 'password' ? (pair.value.source ?? '') : '';
      const kind = isSeq(pair.value) ? 'list' : isMap(pair.value) ? 'object' : 'value';
      return [
        {
          name: key,
          detail,
          from: nameFrom,
          to: Math.max(value.to, nameTo),
          nameFrom,
          nameTo,
          kind,
          children,
        },
      ];
    });
  }

  #item(node: unknown, index: number, type: TemplateFieldType | undefined, depth: number): readonly Entry[] {
    const span = this.#spanOf(node);
    if (span === undefined) return [];
    const children = this.entriesOf(node, type, depth + 1);
    const telling = children.find(({ name }) => name === 'name' || name === 'type' || name === 'fullName');
    const own = isScalar(node) ? String(node.value) : (telling?.detail ?? '');
    const place = { nameFrom: span.from, nameTo: span.to };
    return [
      { name: own === '' ? `[${index}]` : own, detail: '', ...span, ...place, kind: 'object', children },
    ];
  }

  #note(row: TemplateTypeName, key: string, value: unknown, piece: Piece): void {
    if (!isScalar(value)) return;
    const span = this.#spanOf(value);
    if (span === undefined) return;
    const given = value.value;
    if (row === 'Builder' && key === 'type' && typeof given === 'string' && given !== '') {
      this.buildables.push({ ...piece, targetFormat: given });
    }
    if (templateDoc(row, key)?.unit === 'MB' && typeof given === 'number' && given >= helpFrom) {
      this.sizes.push({ ...span, megabytes: given });
    }
    const isFile = key === 'source' || key === 'source_logo' || key === 'sourceLogo';
    if (isFile && typeof given === 'string' && given !== '' && !/^\w+:/.test(given)) {
      this.files.push({ ...span, path: given });
    }
  }

  #spanOf(node: unknown): Piece | undefined {
    const range = isNode(node) ? node.range : undefined;
    if (!range) return undefined;
    const from = range[0];
    return { from, to: from + this.#text.slice(from, range[1]).trimEnd().length };
  }
}

/** An appliance or an image, as the client can read it. */
function isObjectUri(text: string): boolean {
  return parseImageUri(text) !== undefined || parseApplianceUri(text) !== undefined;
}

function fieldType(row: TemplateTypeName, key: string): TemplateFieldType | undefined {
  const { fields }: TemplateRow = templateTypes[row];
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function isRow(type: string): type is TemplateTypeName {
  return Object.hasOwn(templateTypes, type);
}
