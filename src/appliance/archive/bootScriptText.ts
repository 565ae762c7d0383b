import { buffer } from 'node:stream/consumers';
import { regularFileBytes, UnreadableFile } from '../find/readRegularFile.ts';
import { outsideSources, type LocatedSource } from './outsideSources.ts';
import type { Finding } from '../text/problem.ts';
import { sentence } from '../../uforge/language/sentence.ts';

/** Larger ones are no texts of a person's. */
const maxScriptBytes = 1024 ** 2;
const shell = '#!/bin/sh\n';

/** What the kernel can start besides a text, and what is no text. */
function isProgram(content: Uint8Array): boolean {
  return content.includes(0);
}

const hasWindowsEnds = (text: string): boolean => text.includes('\r\n');
const saysWhatRunsIt = (text: string): boolean => text.startsWith('#!');

/** A boot script so that the kernel can start it: lines end as on Unix, and without a word the shell runs it. */
export function mendedBootScript(content: Uint8Array): Uint8Array {
  if (isProgram(content)) return content;
  // One character a byte: whatever else is in the script stays as it is.
  const text = Buffer.from(content)
    .toString('latin1')
    .replace(/^\xEF\xBB\xBF/, '')
    .replaceAll('\r\n', '\n');
  return Buffer.from(saysWhatRunsIt(text) ? text : `${shell}${text}`, 'latin1');
}

/** What is mended in the boot scripts that a template names, in its own folder. */
export async function bootScriptProblems(
  templateFile: string,
  sources: readonly LocatedSource[],
): Promise<Finding[]> {
  const scripts = sources.filter(({ isBootScript }) => isBootScript === true);
  if (scripts.length === 0) return [];
  const outside = new Set((await outsideSources(templateFile, scripts)).map(({ source }) => source));
  const found: Finding[] = [];
  for (const { source, path, range } of scripts.filter((script) => !outside.has(script.source))) {
    const warn = (message: Finding['message'], code: string): void => {
      found.push({ message, severity: 'warning', range, code });
    };
    const text = await textOf(path);
    if (text === undefined) continue;
    if (hasWindowsEnds(text)) {
      warn(
        sentence`“${source}” has the line ends of Windows (CRLF), which no shell of Linux understands. Save it with LF; the local forge does so in the image.`,
        'line-ends',
      );
    }
    if (!saysWhatRunsIt(text)) {
      warn(
        sentence`“${source}” does not say in its first line which program runs it. Write #!/bin/sh, for example; the local forge does so in the image.`,
        'no-interpreter',
      );
    }
  }
  return found;
}

/** Undefined for what is no text, or can't be read: that is said when it is packed. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    const content = await buffer(regularFileBytes(path, maxScriptBytes));
    return isProgram(content) ? undefined : content.toString('latin1');
  } catch (error) {
    if (error instanceof UnreadableFile) return undefined;
    throw error;
  }
}
