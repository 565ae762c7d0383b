import { readFile, stat } from 'node:fs/promises';
import { packTemplate, type TemplateArchive } from '../appliance/archive.ts';
import { DefinitionError } from '../appliance/definitionError.ts';
import { definitionKindByExtension } from '../appliance/definitions.ts';
import type { Problem } from '../appliance/problem.ts';
import { imageRequestOf, parseRepresentation } from '../appliance/representation.ts';
import { requestFromTemplate, withTargetFormat } from '../appliance/requestFromTemplate.ts';
import { resolveAppliance } from '../appliance/resolve.ts';
import type { Image } from '../uforge/dto.ts';
import { exitCodes } from './exitCodes.ts';
import { Failure } from './failure.ts';

/** What is to be generated, as far as the files say it. */
export interface Request {
  readonly image: Image;
  /** The appliance on the server, or the template that describes it. */
  readonly appliance: { readonly uri: string } | { readonly archive: TemplateArchive };
  readonly warnings: readonly { readonly file: string; readonly problem: Problem }[];
}

/**
 * Reads a request or a template.
 * @throws {Failure}, {DefinitionError} or {BuilderChoiceError} when there is nothing that could be sent
 */
export async function readRequest(
  file: string,
  format: string | undefined,
  signal: AbortSignal,
): Promise<Request> {
  const kind = definitionKindByExtension(file);
  if (kind === undefined) {
    throw new Failure(
      exitCodes.input,
      `${file} is neither a request (.xml) nor a template (.yml, .yaml, .json).`,
    );
  }
  if (!(await isFile(file))) throw new Failure(exitCodes.input, `There is no file ${file}.`);
  const request = await (kind === 'template'
    ? fromTemplate(file, format, signal)
    : fromXml(file, format, signal));
  if (request.image.simulated === true) {
    throw new Failure(
      exitCodes.input,
      `${file} asks for a simulation, which makes no image. Remove “simulated”.`,
    );
  }
  return request;
}

async function fromTemplate(file: string, format: string | undefined, signal: AbortSignal): Promise<Request> {
  const archive = await packTemplate(file, signal);
  // What hammr makes for publishing has no file; here somebody waits for one.
  const image = { ...requestFromTemplate(archive.template, format), compress: true };
  return { image, appliance: { archive }, warnings: archive.problems.map((problem) => ({ file, problem })) };
}

async function fromXml(file: string, format: string | undefined, signal: AbortSignal): Promise<Request> {
  const parsed = parseRepresentation(await readFile(file, 'utf8'), {
    targetFormatGiven: format !== undefined,
  });
  const { problems, root } = parsed;
  const read = imageRequestOf(parsed);
  if (read === undefined) {
    if (root === undefined || root === 'image') throw new DefinitionError(file, problems);
    throw new Failure(exitCodes.input, `${file} holds “${root}”, not a request for an image.`);
  }
  if (read.compress !== true && read.simulated !== true) {
    const message = `${file} asks for an image that can’t be downloaded. Set “compress” to true.`;
    throw new Failure(exitCodes.input, message);
  }
  const image = format === undefined ? read : withTargetFormat(read, format);
  const warnings = problems.map((problem) => ({ file, problem }));
  const choice = await resolveAppliance(file, image, { exists: isFile });
  if (choice === undefined) {
    throw new Failure(
      exitCodes.input,
      `Which appliance? ${file} has no <parentUri>, and there is no template beside or above it.`,
    );
  }
  if (choice.kind === 'uri') return { image, appliance: { uri: choice.applianceUri }, warnings };
  const { templateFile } = choice;
  const archive = await packTemplate(templateFile, signal);
  const more = archive.problems.map((problem) => ({ file: templateFile, problem }));
  return { image, appliance: { archive }, warnings: [...warnings, ...more] };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
