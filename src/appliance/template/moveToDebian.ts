import type { TextEdit } from '../text/problem.ts';
import { applyEdits } from '../text/edits.ts';
import { TextPlaces } from '../text/places.ts';
import {
  isList,
  isMap,
  isScalar,
  keyName,
  textOf,
  valueOf,
  type DataNode,
  type DataPair,
  type MapNode,
} from '../yaml/dataTree.ts';
import { sameQuotes } from '../yaml/sameQuotes.ts';
import { readYaml } from '../yaml/tree.ts';

/** What a package is called on Debian: null where it needs none, undefined where nobody knows. */
export type NameOnDebian = (name: string) => string | null | undefined;

export interface MovedTemplate {
  readonly text: string;
  /** Packages of the template that have no name on Debian: they are left as they are. */
  readonly unknown: readonly string[];
}

/** Keys of a package that choose a build of the distribution it was for. */
const buildKeys = ['version', 'release', 'revision', 'arch', 'fullname'];

/** Whether a template is for a system whose packages have other names: neither Debian nor Windows. */
export function isForeign({ name }: { readonly name: string }): boolean {
  return !/^debian$|windows/i.test(name.trim());
}

/** Where a template says that it is for another distribution than Debian, as offsets into its text. */
export function foreignSystemIn(text: string): Span | undefined {
  const os = valueOf(valueOf(readYaml(text).root, 'stack'), 'os');
  const name = scalarText(valueOf(os, 'name'));
  return isMap(os) && name !== undefined && isForeign({ name }) ? { from: os.from, to: os.to } : undefined;
}

/** The names of the packages a template of any system lists, and the system’s name. */
export function packagesIn(text: string): { readonly system: string; readonly packages: readonly string[] } {
  const os = valueOf(valueOf(readYaml(text).root, 'stack'), 'os');
  const list = valueOf(os, 'pkgs');
  const packages = isList(list) ? list.items.flatMap((item) => packageName(item) ?? []) : [];
  return { system: scalarText(valueOf(os, 'name')) ?? '', packages };
}

/**
 * A template for another distribution as one for Debian: its system, its packages, the rules that say for which
 * distribution a bundle is. Versions of packages and the date they are frozen at go: Debian has others. The rest of
 * the text stays as it is.
 */
export function moveToDebian(text: string, version: string, nameOf: NameOnDebian): MovedTemplate {
  return new Move(text, version, nameOf).done();
}

interface Span {
  readonly from: number;
  readonly to: number;
}

class Move {
  readonly #text: string;
  readonly #version: string;
  readonly #nameOf: NameOnDebian;
  readonly #places: TextPlaces;
  readonly #quote: ReturnType<typeof sameQuotes>;
  readonly #edits: TextEdit[] = [];
  readonly #unknown: string[] = [];

  constructor(text: string, version: string, nameOf: NameOnDebian) {
    this.#text = text;
    this.#version = version;
    this.#nameOf = nameOf;
    this.#places = new TextPlaces(text);
    this.#quote = sameQuotes(text);
  }

  done(): MovedTemplate {
    const stack = valueOf(readYaml(this.#text).root, 'stack');
    const os = valueOf(stack, 'os');
    if (isMap(os)) {
      this.#rules(stack, os);
      this.#system(os);
      this.#packages(valueOf(os, 'pkgs'));
    }
    return { text: applyEdits(this.#text, this.#edits), unknown: this.#unknown };
  }

  #system(os: MapNode): void {
    const wanted = { name: 'Debian', version: this.#version, arch: 'x86_64' };
    for (const [key, value] of Object.entries(wanted)) this.#write(valueOf(os, key), value);
    const pairs = os.pairs.map((pair) => ({ ...spanOf(pair), goes: keyName(pair.key) === 'updateTo' }));
    this.#without(pairs);
  }

  #packages(list: DataNode | undefined): void {
    if (!isList(list)) return;
    const isFlow = this.#text[list.from] === '[';
    const taken = new Set<string>();
    const spans = list.items.map((item) => {
      const from = isFlow ? item.from : this.#text.lastIndexOf('-', item.from - 1);
      const name = packageName(item);
      const moved = name === undefined ? undefined : this.#nameOf(name);
      if (name !== undefined && moved === undefined) this.#unknown.push(name);
      const shown = moved ?? name;
      const goes = moved === null || (shown !== undefined && taken.has(shown));
      if (shown !== undefined && !goes) {
        taken.add(shown);
        this.#package(item, shown);
      }
      return { from, to: item.to, goes };
    });
    if (spans.length > 0 && spans.every(({ goes }) => goes)) {
      const whole = { from: isFlow ? list.from : (spans[0]?.from ?? list.from), to: list.to };
      this.#edits.push(this.#edit(whole, '[]'));
    } else this.#without(spans);
  }

  /** Its new name, and nothing of what chose a build of it. */
  #package(item: DataNode, name: string): void {
    if (!isMap(item)) return;
    const stays = item.pairs.filter(({ key }) => !buildKeys.includes(keyName(key).toLowerCase()));
    const named = stays.find(({ key }) => keyName(key) === 'name');
    if (named !== undefined && stays.length === item.pairs.length) {
      this.#write(named.value, name);
      return;
    }
    const [first] = item.pairs;
    if (first === undefined) return;
    const quoted = named?.value ?? first.value;
    const value = quoted === undefined ? name : this.#quote(this.#range(quoted), name);
    const key = this.#text[first.key.from] === '"' ? '"name"' : 'name';
    const others = stays.filter((pair) => pair !== named).map((pair) => this.#slice(spanOf(pair)));
    const entries = [`${key}: ${value}`, ...others];
    if (item.flow) {
      this.#edits.push(this.#edit(item, `{ ${entries.join(', ')} }`));
      return;
    }
    const lineStart = this.#places.position(first.key.from).character;
    const newLine = this.#text.includes('\r\n') ? '\r\n' : '\n';
    this.#edits.push(this.#edit(item, entries.join(`${newLine}${' '.repeat(lineStart)}`)));
  }

  /** A bundle that was for the old system is for the new one. */
  #rules(stack: DataNode | undefined, os: MapNode): void {
    const bundles = valueOf(stack, 'bundles');
    const name = scalarText(valueOf(os, 'name')) ?? '';
    const version = scalarText(valueOf(os, 'version')) ?? '';
    for (const bundle of isList(bundles) ? bundles.items : []) {
      const node = valueOf(bundle, 'restrictionRule');
      const rule = scalarText(node);
      if (rule === undefined || /Distribution#name\s*=\s*Debian/i.test(rule)) continue;
      const moved = rule.replace(
        /(Distribution#(name|version|family|pkgType)\s*=\s*)([^\s&|()]+)/g,
        (whole, start: string, field: string, value: string) => {
          if (field === 'name') return same(value, name) ? `${start}Debian` : whole;
          if (field === 'version') return same(value, version) ? `${start}${this.#version}` : whole;
          if (field === 'pkgType') return same(value, 'rpm') ? `${start}DEB` : whole;
          return /^(?:rhel|redhat|ubuntu)$/i.test(value) ? `${start}Debian` : whole;
        },
      );
      if (moved !== rule) this.#write(node, moved);
    }
  }

  #write(node: DataNode | undefined, value: string): void {
    if (!isScalar(node) || textOf(node.value) === value) return;
    this.#edits.push(this.#edit(node, this.#quote(this.#range(node), value)));
  }

  /** Takes some of what stands in a row out, each with what divides it from its neighbour. */
  #without(spans: readonly (Span & { readonly goes: boolean })[]): void {
    const last = spans.findLast(({ goes }) => !goes);
    if (last === undefined) return;
    const end = spans.indexOf(last);
    spans.slice(0, end).forEach(({ from, goes }, index) => {
      const next = spans[index + 1];
      if (goes && next !== undefined) this.#edits.push(this.#edit({ from, to: next.from }, ''));
    });
    const behind = spans.at(-1);
    if (behind !== undefined && behind !== last) {
      this.#edits.push(this.#edit({ from: last.to, to: behind.to }, ''));
    }
  }

  #edit(span: Span, newText: string): TextEdit {
    return { range: this.#range(span), newText };
  }

  #range({ from, to }: Span): TextEdit['range'] {
    return this.#places.range(from, to);
  }

  #slice({ from, to }: Span): string {
    return this.#text.slice(from, to);
  }
}

function spanOf({ key, value }: DataPair): Span {
  return { from: key.from, to: value?.to ?? key.to };
}

/** `php-common` of `name`, or of a full name such as `php-common-5.5.3-23.el6_4-i686.rpm`. */
function packageName(item: DataNode): string | undefined {
  const name = scalarText(valueOf(item, 'name'));
  const full = scalarText(valueOf(item, 'fullName')) ?? scalarText(valueOf(item, 'fullname'));
  return name ?? full?.replace(/\.rpm$/, '').replace(/-\d[^-]*-\d[^-]*(?:-[a-z]\w*)?$/, '');
}

function scalarText(node: DataNode | undefined): string | undefined {
  return isScalar(node) && node.value !== null ? textOf(node.value) : undefined;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
