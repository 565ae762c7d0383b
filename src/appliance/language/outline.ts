import { isSecret } from '../../uforge/schema/secrets.ts';
import { parseApplianceUri, parseImageUri } from '../../uforge/uris.ts';
import { isList, isMap, isScalar, keyName, textOf, type DataNode } from '../yaml/dataTree.ts';
import type { DefinitionKind } from '../find/definitions.ts';
import { templateDoc } from '../template/model/docs.ts';
import { fieldType, isListType, isRow } from '../template/model/rows.ts';
import type { TemplateFieldType, TemplateTypeName } from '../template/model/types.ts';
import { TextPlaces } from '../text/places.ts';
import { childNamed, type XmlElement } from '../xml/element.ts';
import { scanXml } from '../xml/scanner.ts';
import { readYaml } from '../yaml/tree.ts';
import { meaningIn, sizeUnit, type Meaning } from './elementMeaning.ts';

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
interface Buildable extends Piece {
  /** Of the builder. */
  readonly targetFormat?: string;
}

/** A size in MB that is easier read in GB; `to` is where that can be said. */
interface Size extends Piece {
  readonly megabytes: number;
}

/** A file beside the template. */
interface FileReference extends Piece {
  readonly path: string;
}

/** An object of the server that is named by its address: `users/me/appliances/201`. */
interface ObjectReference extends Piece {
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
const xmlReferences: ReadonlySet<string> = new Set(['parentUri', 'applianceUri', 'imageUri']);

/** Reads what is there, however unfinished. */
export function outlineOf(kind: DefinitionKind, text: string): Outline {
  return kind === 'representation' ? outlineOfXml(text) : outlineOfTemplate(text);
}

function outlineOfXml(text: string): Outline {
  const root = scanXml(text, new TextPlaces(text));
  if (root === undefined) return { entries: [], buildables: [], sizes: [], files: [], objects: [] };
  const sizes: Size[] = [];
  const objects: ObjectReference[] = [];
  const visit = (element: XmlElement, outer?: Meaning): Entry => {
    const meaning = meaningIn(outer, element);
    const nameFrom = element.start + 1;
    const nameTo = nameFrom + (element.prefix === '' ? 0 : element.prefix.length + 1) + element.name.length;
    const isLeaf = element.children.length === 0;
    if (isLeaf && element.text !== '') {
      const content = text.slice(element.contentStart, element.contentEnd);
      const to = element.contentStart + content.trimEnd().length;
      const place = { from: to - element.text.length, to };
      const isSize = outer?.kind === 'object' && sizeUnit(outer.type, element.name) === 'MB';
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
      detail: isLeaf ? (isSecret(element.name) ? '' : element.text) : named,
      from: element.start,
      to: element.end,
      nameFrom,
      nameTo,
      kind: isLeaf ? 'value' : 'object',
      children: element.children.map((child) => visit(child, meaning)),
    };
  };
  const entries = [visit(root)];
  const buildables = root.name === 'image' ? [{ from: root.start, to: root.contentStart }] : [];
  return { entries, buildables, sizes, files: [], objects };
}

function outlineOfTemplate(text: string): Outline {
  const reader = new TemplateOutline();
  const entries = reader.entriesOf(readYaml(text).root, 'Template', 0);
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

  entriesOf(
    node: DataNode | undefined,
    type: TemplateFieldType | undefined,
    depth: number,
  ): readonly Entry[] {
    if (depth > maxDepth) return [];
    if (isList(node)) {
      const item = isListType(type) ? type[0] : undefined;
      return node.items.map((each, index) => this.#item(each, index, item, depth));
    }
    if (!isMap(node)) return [];
    const row = isRow(type) ? type : undefined;
    return node.pairs.map(({ key, value }) => {
      const name = keyName(key);
      const place = { nameFrom: key.from, nameTo: key.to };
      if (row !== undefined && value !== undefined) this.#note(row, name, value, key.from);
      const children = this.entriesOf(value, row && fieldType(row, name), depth + 1);
      const detail = isScalar(value) && name !== 'password' ? (value.source ?? '') : '';
      const kind = isList(value) ? 'list' : isMap(value) ? 'object' : 'value';
      const to = Math.max(value?.to ?? 0, key.to);
      return { name, detail, from: key.from, to, ...place, kind, children };
    });
  }

  #item(node: DataNode, index: number, type: TemplateFieldType | undefined, depth: number): Entry {
    const { from, to } = node;
    const children = this.entriesOf(node, type, depth + 1);
    const telling = children.find(({ name }) => name === 'name' || name === 'type' || name === 'fullName');
    const own = isScalar(node) ? textOf(node.value) : (telling?.detail ?? '');
    const name = own === '' ? `[${index}]` : own;
    return { name, detail: '', from, to, nameFrom: from, nameTo: to, kind: 'object', children };
  }

  #note(row: TemplateTypeName, key: string, value: DataNode, keyFrom: number): void {
    if (!isScalar(value)) return;
    const { value: given, from, to } = value;
    if (row === 'Builder' && key === 'type' && typeof given === 'string' && given !== '') {
      this.buildables.push({ from: keyFrom, to, targetFormat: given });
    }
    if (templateDoc(row, key)?.unit === 'MB' && typeof given === 'number' && given >= helpFrom) {
      this.sizes.push({ from, to, megabytes: given });
    }
    const isFile = key === 'source' || key === 'source_logo' || key === 'sourceLogo';
    if (isFile && typeof given === 'string' && given !== '' && !/^\w+:/.test(given)) {
      this.files.push({ from, to, path: given });
    }
  }
}

/** An appliance or an image, as the client can read it. */
function isObjectUri(text: string): boolean {
  return parseImageUri(text) !== undefined || parseApplianceUri(text) !== undefined;
}
