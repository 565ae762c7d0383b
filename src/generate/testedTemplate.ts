import { readTemplate } from '../appliance/archive/packTemplate.ts';
import { definitionKindByExtension, nearestTemplate } from '../appliance/find/definitions.ts';
import type { Template, Test } from '../appliance/template/model/template.ts';
import type { GenerateHost } from './host.ts';
import { InputError } from './inputError.ts';
import { isFile } from './isFile.ts';

export interface TestedTemplate {
  readonly file: string;
  readonly template: Template;
  readonly tests: readonly Test[];
}

/** The template that says what a good image does: the file itself where it is one, else the one beside or above it. */
export async function templateOf(
  file: string,
  { stopAt }: Pick<GenerateHost, 'stopAt'>,
): Promise<string | undefined> {
  if (definitionKindByExtension(file) === 'template') return file;
  return nearestTemplate(file, { exists: isFile, stopAt: await stopAt(file) });
}

/**
 * That template, read.
 * @throws {InputError} where there is none or it has no tests; {DefinitionError} where something is wrong with it
 */
export async function testedTemplate(
  file: string,
  host: Pick<GenerateHost, 'read' | 'stopAt'>,
): Promise<TestedTemplate> {
  const found = await templateOf(file, host);
  if (found === undefined)
    throw new InputError(`What is to be tested? There is no template beside or above ${file}.`);
  const { template } = readTemplate(found, await host.read(found)).parsed;
  const { tests = [] } = template;
  if (tests.length === 0)
    throw new InputError(`${found} has no “tests”: it does not say what a good image does.`);
  return { file: found, template, tests };
}
