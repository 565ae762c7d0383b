import type { Finding, Range } from '../text/problem.ts';
import { closest, didYouMean, replacement, unlessSure } from '../text/suggest.ts';
import { formatMeant } from './formatMeaning.ts';
import { renamedTargetFormat, targetFormats } from './targetFormats.ts';
import { sentence } from '../../uforge/language/sentence.ts';

/**
 * What is wrong with the name of a target format, in a request or in a template's builder. An administrator may
 * rename formats: without the server's own list only what is very likely wrong is a problem. `quoted` puts a name
 * into the text as the file's language writes it.
 */
export function checkFormatName(
  name: string,
  range: Range,
  known: readonly string[] | undefined,
  quoted: (name: string) => string = (each) => each,
): Finding[] {
  const names = known ?? targetFormats.map((each) => each.name);
  if (names.includes(name)) return [];
  const replace = (by: string, of: readonly string[] = []): Pick<Finding, 'fixes'> => ({
    fixes: [{ ...replacement(range, by, quoted(by)), ...(of.length > 0 && unlessSure(name, by, of)) }],
  });
  const today = renamedTargetFormat(name);
  if (today !== undefined && (known === undefined || known.includes(today))) {
    const message = sentence`“${name}” is what the target format “${today}” was called before UForge 3.6. Write “${today}”.`;
    return [{ message, severity: 'error', range, code: 'legacy-format', ...replace(today) }];
  }
  const meant = formatMeant(name);
  const suggestion = meant !== undefined && names.includes(meant) ? meant : closest(name, names);
  const fixes = suggestion === undefined ? {} : replace(suggestion, names);
  if (known !== undefined) {
    const list = known.length === 0 ? sentence`none` : known.join(', ');
    const message = sentence`The server has no target format “${name}”.${didYouMean(suggestion)} It has: ${list}.`;
    return [{ message, severity: 'error', range, code: 'unknown-target-format', ...fixes }];
  }
  const hint = suggestion === undefined ? sentence` There are: ${names.join(', ')}.` : didYouMean(suggestion);
  const message = sentence`No target format is called “${name}” unless an administrator has renamed one.${hint}`;
  return [{ message, severity: 'warning', range, code: 'unknown-target-format', ...fixes }];
}
