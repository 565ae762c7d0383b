import { listedValues } from '../../../uforge/schema/table.ts';
import type { TypeName } from '../../../uforge/dto.ts';
import { keyboardNamed } from '../../catalog/keyboards.ts';
import type { RuleContext } from './ruleContext.ts';
import { closest, didYouMean, replacement, unlessSure } from '../../text/suggest.ts';
import type { TemplatePath } from '../model/path.ts';
import { sentence } from '../../../uforge/language/sentence.ts';

/**
 * Warns of a value that the closed list of a type's field lacks, with the near miss as its fix. Compared as hammr does:
 * without regard to case.
 */
export function checkListed(
  value: string | undefined,
  path: TemplatePath,
  [type, field]: readonly [TypeName, string],
  rules: RuleContext,
): void {
  const values = listedValues(type, field);
  if (value === undefined || values.some((each) => each.toLowerCase() === value.toLowerCase())) return;
  const suggestion = (field === 'keyboard' ? keyboardNamed(value) : undefined) ?? closest(value, values);
  const fix =
    suggestion === undefined
      ? undefined
      : { ...replacement(rules.rangeAt(path), suggestion), ...unlessSure(value, suggestion, values) };
  rules.warn(
    path,
    sentence`“${value}” is no ${field} UForge knows.${didYouMean(suggestion)}`,
    'bad-value',
    fix,
  );
}
