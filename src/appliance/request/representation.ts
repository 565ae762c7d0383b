import type { Image, RootName } from '../../uforge/dto.ts';
import { elements } from '../../uforge/schema/elements.ts';
import { isRootName, rootType } from '../../uforge/schema/table.ts';
import { checkImageRequest, type RepresentationContext } from './imageRules.ts';
import { hasErrors, told, type Finding, type Problem, type TextEdit } from '../text/problem.ts';
import { uforgeNamespace } from '../../uforge/codec/tree.ts';
import { RequestProblems } from './requestProblems.ts';
import { ElementReader } from './reader.ts';
import { closest, didYouMean, unlessSure } from '../text/suggest.ts';
import { renameEdits } from '../xml/edits.ts';
import { elementAt, qualifiedName, type XmlSource, type XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/tree.ts';
import { sentence } from '../../uforge/language/sentence.ts';

/** A request body in a file, of whatever operation. */
export interface ParsedRepresentation {
  /** The root element's name, once it is a known one. */
  readonly root?: RootName;
  /** The DTO of that root; only when there is no error. */
  readonly dto?: Readonly<Record<string, unknown>>;
  /** In the order of the text. With an error among them the request must not be sent. */
  readonly problems: readonly Problem[];
  /** The same, for who tells them in another language. */
  readonly findings: readonly Finding[];
}

/**
 * Reads and checks a request body in XML. Never throws: whatever is wrong is a problem with its position, and so far
 * as the text can be understood all of it at once.
 */
export function parseRepresentation(text: string, context: RepresentationContext = {}): ParsedRepresentation {
  const document = parseXml(text);
  const { root: element, problems: notXml } = document;
  if (element === undefined) return withProblems({ findings: notXml });
  const findings: Finding[] = [...notXml, ...checkRootNamespace(element, document)];
  const root = element.name;
  if (!isRootName(root)) {
    const known = Object.keys(elements);
    const suggestion = closest(root, known);
    const message = sentence`“${root}” is not a document of UForge.${didYouMean(suggestion)}`;
    const newName = qualifiedName({ prefix: element.prefix, name: suggestion ?? '' });
    const fixes =
      suggestion === undefined
        ? {}
        : {
            fixes: [
              {
                title: sentence`Rename to “${suggestion}”`,
                edits: renameEdits(element, newName),
                ...unlessSure(root, suggestion, known),
              },
            ],
          };
    findings.push({
      message,
      severity: 'error',
      range: element.nameRange,
      code: 'unknown-element',
      ...fixes,
    });
    return withProblems({ findings: findings.toSorted(inTextOrder) });
  }

  const read = new RequestProblems();
  const reader = new ElementReader(document, element.prefix === '' && element.namespace !== '', read);
  const dto = reader.readObject(element, rootType(root));
  // While somebody is typing, what is missing may be what comes next.
  const partial = notXml.length > 0 || read.isEnough;
  findings.push(...read.found.filter(({ code }) => !(partial && code.startsWith('missing-'))));
  if (root === 'image' && !partial) {
    const found = checkImageRequest(document, element, dto, context);
    const unread = unreadElements(element, findings, document);
    findings.push(
      ...found.filter(({ code }) => !(consequences[code] ?? []).some((name) => unread.has(name))),
    );
  }
  findings.sort(inTextOrder);
  return withProblems(hasErrors(findings) ? { root, findings } : { root, dto, findings });
}

function withProblems(parsed: Omit<ParsedRepresentation, 'problems'>): ParsedRepresentation {
  return { ...parsed, problems: told(parsed.findings) };
}

/** The request for an image in a representation, when it is one and has no error. */
export function imageRequestOf(representation: ParsedRepresentation): Image | undefined {
  // The reader built it by the schema row of this very root.
  return representation.root === 'image' ? representation.dto : undefined;
}

/** Problems that something is missing, with the elements it may be there in all the same. */
const consequences: Readonly<Record<string, readonly string[]>> = {
  'not-downloadable': ['compress'],
  'missing-memory': ['installProfile', 'memorySize'],
  'missing-entrypoint': ['entrypoint'],
  'missing-ebs': ['ebs', 'ebsVolumeSize'],
};

/** The names of elements that are there, but under a wrong name or with a value that is none. */
function unreadElements(
  root: XmlElement,
  findings: readonly Finding[],
  { places }: XmlSource,
): ReadonlySet<string> {
  const names = findings.flatMap(({ code, range, fixes }) => {
    if (code === 'bad-value') return elementAt(root, places.offset(range.start))?.name ?? [];
    return /^Rename to “(\w+)”$/.exec(fixes?.[0]?.title.toString() ?? '')?.[1] ?? [];
  });
  return new Set(names);
}

function checkRootNamespace(root: XmlElement, { places }: XmlSource): Finding[] {
  const isRight = root.namespace === uforgeNamespace;
  if (isRight && root.prefix !== '') return [];
  const declaration = root.attributes.find((attribute) => isDeclarationOf(attribute, root));
  const bound = root.attributes.find(
    (each) => each.prefix === 'xmlns' && each.value === uforgeNamespace,
  )?.name;
  const free = root.resolvePrefix('ns0') === undefined ? 'ns0' : 'uforge';
  const prefix = root.prefix === '' ? (bound ?? free) : root.prefix;
  const written = `<${prefix}:${root.name} xmlns:${prefix}="${uforgeNamespace}">`;
  const found = root.namespace === '' ? sentence`no namespace` : sentence`the namespace ${root.namespace}`;
  const message = isRight
    ? sentence`A default namespace also covers the elements inside, which must be in none. Write ${written}.`
    : sentence`“${root.name}” is in ${found}. Write ${written}.`;
  const attribute = `xmlns:${prefix}="${uforgeNamespace}"`;
  const at = declaration?.range ?? { start: root.nameRange.end, end: root.nameRange.end };
  const isBound = root.prefix === '' && bound !== undefined;
  // With a prefix declared already there is nothing to declare, and a default namespace has to go.
  const own: TextEdit = isBound
    ? { range: at, newText: '' }
    : { range: at, newText: declaration === undefined ? ` ${attribute}` : attribute };
  const wrongUri: TextEdit | undefined =
    declaration !== undefined && root.prefix !== ''
      ? { range: places.range(declaration.valueStart, declaration.valueEnd), newText: uforgeNamespace }
      : undefined;
  const qualified = root.prefix === '' ? renameEdits(root, `${prefix}:${root.name}`) : [];
  const title =
    wrongUri === undefined ? sentence`Write ${written}` : sentence`Use the namespace ${uforgeNamespace}`;
  const fix = { title, edits: [...qualified, wrongUri ?? own] };
  const range = declaration?.range ?? root.nameRange;
  return [{ message, severity: 'error', range, code: 'wrong-namespace', fixes: [fix] }];
}

function isDeclarationOf(attribute: XmlElement['attributes'][number], element: XmlElement): boolean {
  return element.prefix === ''
    ? attribute.prefix === '' && attribute.name === 'xmlns'
    : attribute.prefix === 'xmlns' && attribute.name === element.prefix;
}

function inTextOrder(a: Finding, b: Finding): number {
  const [left, right] = [a.range.start, b.range.start];
  return left.line - right.line || left.character - right.character;
}
