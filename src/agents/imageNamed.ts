import * as z from 'zod';
import { targetFormatNamed } from '../appliance/catalog/targetFormats.ts';
import type { Template } from '../appliance/template/model/template.ts';
import { readTemplate } from '../appliance/archive/packTemplate.ts';
import { InputError } from '../generate/inputError.ts';
import { templateOf } from '../generate/testedTemplate.ts';
import type { ImageFile } from '../machines/index.ts';
import type { AgentHost } from './host.ts';

/** How a tool is told of an image's file. */
export const imageInput = {
  file: z
    .string()
    .min(1)
    .describe('Path of the image’s file, downloaded, absolute or relative to the workspace folder.'),
  template: z
    .string()
    .min(1)
    .optional()
    .describe('Path of the template it was made from. Without it the one beside or above the file.'),
  target_format: z
    .string()
    .min(1)
    .optional()
    .describe('What it was made for, for example QCOW2. Without it that is guessed from the file.'),
};

export interface ImageNames {
  readonly file: string;
  readonly template?: string | undefined;
  readonly target_format?: string | undefined;
}

/** The image an agent means to start, and its template where there is one. @throws {InputError}, {DefinitionError} or {MachineError} */
export async function imageNamed(
  { file, template, target_format: named }: ImageNames,
  host: AgentHost,
): Promise<{ readonly image: ImageFile; readonly template: Template | undefined }> {
  host.assertMayStart();
  const { imageFileAt, imageOf } = await import('../machines/index.ts');
  const path = host.pathOf(file);
  const found = await templateOf(template === undefined ? path : host.pathOf(template), {
    stopAt: (each) => host.stopAt(each),
  });
  const read = found === undefined ? undefined : readTemplate(found, await host.read(found)).parsed.template;
  const format = named === undefined ? undefined : targetFormatNamed(named)?.name;
  if (named !== undefined && format === undefined)
    throw new InputError(`There is no target format “${named}”. list_formats has their names.`);
  const targetFormat = format ?? (await imageFileAt(path)).targetFormat;
  const image = read === undefined ? { path, targetFormat } : imageOf(read, path, targetFormat);
  return { image, template: read };
}
