import * as vscode from 'vscode';
import { definitionKindByExtension, templateLanguageOf } from '../../appliance/find/definitions.ts';
import { imageRequestOf, parseRepresentation } from '../../appliance/request/representation.ts';
import { requestFromTemplate, targetFormatsOf } from '../../appliance/request/fromTemplate.ts';
import type { Stack } from '../../appliance/template/model/template.ts';
import { parseTemplate } from '../../appliance/template/parseTemplate.ts';
import type { Image } from '../../uforge/dto.ts';
import { ActionableError } from '../errors.ts';
import { pickMany } from '../inputs.ts';
import { assertSendable, nameOf } from './read.ts';

/** At least one. */
export type Images = readonly [Image, ...Image[]];

export interface FormatChoice {
  /** The one to build a template for, when that is known. */
  readonly targetFormat: string | undefined;
  /** Take all builders of a template, and ask only when it has none. */
  readonly all?: boolean;
  /** Asked when a template has no builders: the names of the server's target formats. */
  readonly knownFormats: () => Promise<readonly string[]>;
}

/**
 * The images a definition asks for: the one of a representation; of a template the one for
 * `targetFormat`, else those for the builders the person picks. Nothing when the person picks none. Throws `ActionableError` when
 * the definition has errors.
 */
export async function imagesIn(
  uri: vscode.Uri,
  text: string,
  choice: FormatChoice,
): Promise<Images | undefined> {
  return definitionKindByExtension(uri.path) === 'representation'
    ? [imageIn(uri, text)]
    : await fromTemplate(uri, text, choice);
}

function imageIn(uri: vscode.Uri, text: string): Image {
  const representation = parseRepresentation(text);
  assertSendable(uri, representation.problems);
  const image = imageRequestOf(representation);
  if (image !== undefined) return image;
  throw new ActionableError(
    vscode.l10n.t(
      '{0} holds “{1}”. Generate Image needs an “image”.',
      nameOf(uri),
      representation.root ?? '',
    ),
  );
}

async function fromTemplate(
  uri: vscode.Uri,
  text: string,
  { targetFormat, all = false, knownFormats }: FormatChoice,
): Promise<Images | undefined> {
  const { template, problems } = parseTemplate(text, templateLanguageOf(uri.path) ?? 'yaml');
  assertSendable(uri, problems);
  if (template === undefined) return undefined;
  const own = targetFormatsOf(template);
  const [only, ...others] = own;
  const formats =
    targetFormat !== undefined
      ? [targetFormat]
      : only !== undefined && (all || others.length === 0)
        ? own
        : await pickFormats(template.stack, own.length > 0 ? own : knownFormats(), own.length > 0);
  const [first, ...more] = formats.map((format) => requestFromTemplate(template, format));
  return first === undefined ? undefined : [first, ...more];
}

/** The template's builders are all picked at first, a server's target formats none. */
async function pickFormats(
  { name, version }: Stack,
  formats: readonly string[] | Promise<readonly string[]>,
  picked: boolean,
): Promise<readonly string[]> {
  const items = Promise.resolve(formats).then((names) =>
    names.map((name) => ({ label: name, name, picked })),
  );
  const picks = await pickMany(items, {
    title: vscode.l10n.t('Generate Image'),
    placeHolder: vscode.l10n.t('Target formats to build {0} for', `${name} ${version}`),
  });
  return (picks ?? []).map(({ name }) => name);
}
