import { stat } from 'node:fs/promises';
import { packTemplate, type TemplateArchive } from '../appliance/archive/archive.ts';
import { DefinitionError } from '../appliance/text/definitionError.ts';
import { definitionKindByExtension } from '../appliance/find/definitions.ts';
import type { MayPackOutside } from '../appliance/archive/outsideSources.ts';
import type { Problem } from '../appliance/text/problem.ts';
import { readDefinition } from '../appliance/find/readRegularFile.ts';
import { imageRequestOf, parseRepresentation } from '../appliance/request/representation.ts';
import { requestFromTemplate, withTargetFormat } from '../appliance/request/fromTemplate.ts';
import { resolveAppliance } from '../appliance/find/resolveAppliance.ts';
import type { Image } from '../uforge/dto.ts';
import { InputError } from './inputError.ts';

/** What is to be generated, as far as the files say it. */
export interface Request {
  readonly image: Image;
  /** The appliance on the server, or the template that describes it. */
  readonly appliance: { readonly uri: string } | { readonly archive: TemplateArchive };
  readonly warnings: readonly { readonly file: string; readonly problem: Problem }[];
}

export interface ReadOptions {
  /** Name of a target format: chooses a template's builder, overrides a request's. */
  readonly format?: string | undefined;
  /** Somebody waits for a file: what would make none is refused, and a template's builder is asked for one. */
  readonly forDownload: boolean;
  /** The last folder a template is looked for in; the root of the disk unless given. */
  readonly stopAt?: string | undefined;
  /** Asked when a template names files outside its folder; without it: no. */
  readonly mayPackOutside?: MayPackOutside | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a request or a template from the disk.
 * @throws {InputError}, {UnreadableFile}, {DefinitionError} or {BuilderChoiceError} when there is nothing that could be
 * sent
 */
export async function readRequest(file: string, options: ReadOptions): Promise<Request> {
  const kind = definitionKindByExtension(file);
  if (kind === undefined) {
    throw new InputError(`${file} is neither a request (.xml) nor a template (.yml, .yaml, .json).`);
  }
  if (!(await isFile(file))) throw new InputError(`There is no file ${file}.`);
  const request = await (kind === 'template' ? fromTemplate(file, options) : fromXml(file, options));
  if (options.forDownload && request.image.simulated === true) {
    throw new InputError(`${file} asks for a simulation, which makes no image. Remove “simulated”.`);
  }
  return request;
}

async function fromTemplate(file: string, options: ReadOptions): Promise<Request> {
  const { format, forDownload } = options;
  const archive = await packTemplate(file, options);
  const asked = requestFromTemplate(archive.template, format);
  // What hammr makes for publishing has no file.
  const image = forDownload ? { ...asked, compress: true } : asked;
  return { image, appliance: { archive }, warnings: archive.problems.map((problem) => ({ file, problem })) };
}

async function fromXml(file: string, options: ReadOptions): Promise<Request> {
  const { format, forDownload, stopAt } = options;
  const parsed = parseRepresentation(await readDefinition(file), {
    targetFormatGiven: format !== undefined,
  });
  const { problems, root } = parsed;
  const read = imageRequestOf(parsed);
  if (read === undefined) {
    if (root === undefined || root === 'image') throw new DefinitionError(file, problems);
    throw new InputError(`${file} holds “${root}”, not a request for an image.`);
  }
  if (forDownload && read.compress !== true && read.simulated !== true) {
    const message = `${file} asks for an image that can’t be downloaded. Set “compress” to true.`;
    throw new InputError(message);
  }
  const image = format === undefined ? read : withTargetFormat(read, format);
  const warnings = problems.map((problem) => ({ file, problem }));
  const choice = await resolveAppliance(file, image, {
    exists: isFile,
    ...(stopAt !== undefined && { stopAt }),
  });
  if (choice === undefined) {
    throw new InputError(
      `Which appliance? ${file} has no <parentUri>, and there is no template beside or above it.`,
    );
  }
  if (choice.kind === 'uri') return { image, appliance: { uri: choice.applianceUri }, warnings };
  const { templateFile } = choice;
  const archive = await packTemplate(templateFile, options);
  const more = archive.problems.map((problem) => ({ file: templateFile, problem }));
  return { image, appliance: { archive }, warnings: [...warnings, ...more] };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
