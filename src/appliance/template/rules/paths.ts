import type { RuleContext } from './ruleContext.ts';
import type { TemplatePath } from '../model/path.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';

/**
 * What names and paths in a definition may be, for whoever reads one: the check while typing, the API and the build.
 * Each function gives what is wrong as the rest of a sentence, or undefined. Limits are Linux's own, in bytes.
 */
const longest = { name: 255, path: 4096 };

/** Up to DEL, NUL and line breaks included: they end fields, lines and strings in what is made of a name. */
// eslint-disable-next-line no-control-regex -- these are what must not be there
const control = /[\0-\x1f\x7f]/;

/** Of a text that goes into a line of a table or a script. */
export function controlProblem(text: string): Sentence | undefined {
  return control.test(text) ? sentence`has a line break or a control character` : undefined;
}

/** Of the name of one file or folder. */
export function nameProblem(name: string): Sentence | undefined {
  if (name === '') return sentence`is empty`;
  if (name === '.' || name === '..') return sentence`is “${name}”, which is no name of a file`;
  if (control.test(name)) return controlProblem(name);
  if (name.includes('/')) return sentence`“${shortened(name)}” has a “/”`;
  if (Buffer.byteLength(name) > longest.name) return sentence`is longer than ${longest.name} bytes`;
  return undefined;
}

/** Of a name that may have folders before it, of which the last part counts (`baseName`). */
export function fileNameProblem(name: string): Sentence | undefined {
  const parts = name.replace(/[\\/]+$/, '').split(/[\\/]/);
  const wrong = parts.map(nameProblem).find((problem) => problem !== undefined);
  if (wrong === undefined) return lengthProblem(name);
  return parts.length === 1 ? wrong : sentence`“${shortened(name)}” has a part that ${wrong}`;
}

/** Of an absolute path in the image. `/`, and a slash at the end, are all right. */
export function imagePathProblem(path: string): Sentence | undefined {
  if (control.test(path)) return controlProblem(path);
  const parts = path.split('/').filter((part) => part !== '');
  if (!path.startsWith('/') || parts.some((part) => part === '.' || part === '..')) {
    return sentence`“${shortened(path)}” must be an absolute path in the image, without “.” and “..”`;
  }
  if (parts.some((part) => Buffer.byteLength(part) > longest.name)) {
    return sentence`has a part that is longer than ${longest.name} bytes`;
  }
  return lengthProblem(path);
}

/** Of the name of a disk: what the kernel calls one, such as `sda`. */
export function diskNameProblem(name: string): Sentence | undefined {
  if (/^[a-z][a-z0-9_-]{0,30}$/i.test(name)) return undefined;
  return sentence`“${shortened(name)}” is no name of a disk: letters and digits, such as sda`;
}

/** Of where a partition is mounted: an absolute path with plain names in it. */
export function mountPointProblem(path: string): Sentence | undefined {
  if (!/^\/([\w.+-]+(\/[\w.+-]+)*)?$/.test(path)) {
    return sentence`“${shortened(path)}” must be an absolute path such as /data`;
  }
  return imagePathProblem(path);
}

/** Notes what is wrong with a value that may be left out. */
export function checkValue(
  value: string | undefined,
  problemOf: (value: string) => Sentence | undefined,
  path: TemplatePath,
  rules: RuleContext,
): void {
  const problem = value === undefined ? undefined : problemOf(value);
  if (problem !== undefined) rules.error(path, sentence`${problem}.`, 'bad-value');
}

function lengthProblem(path: string): Sentence | undefined {
  return Buffer.byteLength(path) > longest.path ? sentence`is longer than ${longest.path} bytes` : undefined;
}

/** Enough of a wrong value to know it by, in one line. */
export function shortened(text: string): string {
  const start = text.slice(0, 200).replaceAll(new RegExp(control, 'g'), '\uFFFD');
  return text.length > 200 ? `${start}…` : start;
}
