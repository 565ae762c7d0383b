import { readTemplate, type ReadTemplate } from '../appliance/archive/packTemplate.ts';
import { definitionKindByExtension } from '../appliance/find/definitions.ts';
import { requestFromTemplate, withTargetFormat } from '../appliance/request/fromTemplate.ts';
import { imageRequestOf, parseRepresentation } from '../appliance/request/representation.ts';
import { DefinitionError } from '../appliance/text/definitionError.ts';
import type { Problem } from '../appliance/text/problem.ts';
import type { Image } from '../uforge/dto.ts';
import type { GenerateHost } from './host.ts';
import { InputError } from './inputError.ts';

/** What a definition asks for. Its text has been read and checked, and travels on as this. */
export interface ReadDefinition {
  readonly file: string;
  /** None: nobody has picked any. */
  readonly images: readonly Image[];
  /** The definition itself, when it is a template. */
  readonly template?: ReadTemplate;
  /** Of a request; a template's are said when it is packed. */
  readonly warnings: readonly FileProblem[];
}

export interface FileProblem {
  readonly file: string;
  readonly problem: Problem;
}

export interface ReadOptions {
  /** Name of a target format: chooses a template's builder, overrides a request's. */
  readonly format?: string | undefined;
  /** Somebody waits for a file: what makes none is refused, a template’s builder asked for one. */
  readonly forDownload?: boolean;
}

/** A request body, but for something else than an image. */
export class NotAnImage extends InputError {
  readonly file: string;
  readonly root: string;

  constructor(file: string, root: string) {
    super(`${file} holds “${root}”, not a request for an image.`);
    this.file = file;
    this.root = root;
  }
}

/**
 * Reads a request or a template.
 * @throws {InputError}, {UnreadableFile}, {DefinitionError} or {BuilderChoiceError} when nothing in it could
 * be sent
 */
export async function read(
  file: string,
  host: Pick<GenerateHost, 'read' | 'imagesOf'>,
  options: ReadOptions = {},
): Promise<ReadDefinition> {
  const kind = definitionKindByExtension(file);
  if (kind === undefined) {
    throw new InputError(`${file} is neither a request (.xml) nor a template (.yml, .yaml, .json).`);
  }
  const text = await host.read(file);
  return kind === 'template' ? readBuilders(file, text, host, options) : readRequest(file, text, options);
}

async function readBuilders(
  file: string,
  text: string,
  host: Pick<GenerateHost, 'imagesOf'>,
  { format, forDownload }: ReadOptions,
): Promise<ReadDefinition> {
  const template = readTemplate(file, text);
  const { template: content, wrongBuilders } = template.parsed;
  const wrong = wrongBuilders.filter(
    ({ type }) => format === undefined || type?.toLowerCase() === format.toLowerCase(),
  );
  // One that was asked for, or nothing but wrong ones.
  const isLeft = format === undefined ? (content.builders ?? []).length > 0 : false;
  if (wrong.length > 0 && !isLeft)
    throw new DefinitionError(
      file,
      wrong.flatMap(({ findings }) => findings),
    );
  const asked = format === undefined ? await host.imagesOf(content) : [requestFromTemplate(content, format)];
  // What hammr makes for publishing has no file.
  const images = forDownload === true ? asked.map((image) => ({ ...image, compress: true })) : asked;
  return { file, images, template, warnings: [] };
}

function readRequest(file: string, text: string, { format, forDownload }: ReadOptions): ReadDefinition {
  const parsed = parseRepresentation(text, { targetFormatGiven: format !== undefined });
  const { problems, findings, root } = parsed;
  const image = imageRequestOf(parsed);
  if (image === undefined) {
    if (root === undefined || root === 'image') throw new DefinitionError(file, findings);
    throw new NotAnImage(file, root);
  }
  if (forDownload === true) assertMakesFile(file, image);
  return {
    file,
    images: [format === undefined ? image : withTargetFormat(image, format)],
    warnings: problems.map((problem) => ({ file, problem })),
  };
}

function assertMakesFile(file: string, { simulated, compress }: Image): void {
  if (simulated === true) {
    throw new InputError(`${file} asks for a simulation, which makes no image. Remove “simulated”.`);
  }
  if (compress !== true) {
    throw new InputError(`${file} asks for an image that can’t be downloaded. Set “compress” to true.`);
  }
}
