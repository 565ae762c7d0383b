import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { templateNames, templateLanguageOf } from '../../../appliance/find/definitions.ts';
import { placeIn, type Range } from '../../../appliance/text/problem.ts';
import type { TemplateLanguage } from '../../../appliance/template/model/template.ts';
import { parseTemplate } from '../../../appliance/template/parseTemplate.ts';
import { joined, sentence, type Sentence } from '../../../uforge/language/sentence.ts';
import { Refusal } from '../../api/refusal.ts';
import type { ApplianceRecord } from '../../store/applianceStore.ts';

/** The text of a template as it lies in an appliance's folder. */
export interface StoredText {
  readonly fileName: string;
  readonly language: TemplateLanguage;
  readonly text: string;
}

/** What may be the template of an unpacked archive, the likeliest first. */
export async function* storedTexts(folder: string): AsyncGenerator<StoredText> {
  for (const fileName of templateNames) {
    const text = await readFile(join(folder, fileName), 'utf8').catch(() => undefined);
    const language = templateLanguageOf(fileName);
    if (text !== undefined && language !== undefined) yield { fileName, language, text };
  }
}

type SentLines = Pick<ApplianceRecord, 'addedLines'>;

/**
 * The line of a template as it was sent, before what is said of it: `template.yml:12: `. Nothing where the
 * forge wrote the template itself.
 */
export function placeAsSent({ addedLines }: SentLines, fileName: string, { start, end }: Range): string {
  if (addedLines === undefined) return '';
  const line = start.line - addedLines.filter((added) => added < start.line).length;
  return placeIn(fileName, { start: { ...start, line }, end });
}

/** Why the folder has no template that can be read, each reason with its place where that is known. */
export async function whyUnreadable(folder: string, sent: SentLines): Promise<readonly Sentence[]> {
  for await (const { fileName, language, text } of storedTexts(folder)) {
    return parseTemplate(text, language)
      .findings.filter(({ severity }) => severity === 'error')
      .map(({ message, range }) => sentence`${placeAsSent(sent, fileName, range)}${message}`);
  }
  return [sentence`the forge has lost its file.`];
}

/**
 * A template that was taken once and can't be read any more: by rules that came later, or because somebody
 * changed the data folder. The appliance can still be listed, pushed again and deleted.
 */
export async function unreadableTemplate(record: ApplianceRecord, folder: string): Promise<Refusal> {
  const why = await whyUnreadable(folder, record);
  return new Refusal(
    'ERROR.APPLIANCE.UNREADABLE',
    sentence`The template of the appliance “${record.name}” can't be read any more: ${joined(why, ' ')} Import it again with force once it is mended, or delete the appliance.`,
    { parameters: [record.name, ...why.map(String)] },
  );
}
