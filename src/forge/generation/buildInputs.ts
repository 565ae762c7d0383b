import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Range } from '../../appliance/problem.ts';
import { parseTemplate, templateLanguageOf, type Template } from '../../appliance/template.ts';
import type { TemplatePath } from '../../appliance/templateReader.ts';
import { templateNames } from '../../appliance/definitions.ts';
import { decodeAs } from '../../uforge/codec.ts';
import { BuildError, type BuildRequest } from '../build/build.ts';
import type { DataFolder } from '../paths.ts';
import type { TicketRecord } from '../store/ticketStore.ts';

/** What a ticket is built from: the revision of the appliance it was asked for, whatever was pushed since. */
export async function buildInputs(
  ticket: TicketRecord,
  data: DataFolder,
): Promise<Omit<BuildRequest, 'workDir' | 'cacheDir'>> {
  const filesDir = data.appliance(ticket.applianceId, ticket.revision);
  return {
    template: await readTemplate(filesDir),
    filesDir,
    image: decodeAs('image', ticket.request, 'application/json'),
    revision: ticket.revision,
  };
}

/** The template of an unpacked archive, which was checked when it was imported. */
export async function readTemplate(filesDir: string): Promise<Template> {
  return (await readPlaced(filesDir)).template;
}

/** The template of an unpacked archive, its file's name, and where in that something is. */
export interface PlacedTemplate {
  readonly template: Template;
  readonly fileName: string;
  readonly rangeAt: (path: TemplatePath) => Range;
}

export async function readPlaced(filesDir: string): Promise<PlacedTemplate> {
  for (const name of templateNames) {
    const text = await readFile(join(filesDir, name), 'utf8').catch(() => undefined);
    const language = templateLanguageOf(name);
    if (text === undefined || language === undefined) continue;
    const { template, rangeAt } = parseTemplate(text, language);
    if (template !== undefined) return { template, rangeAt, fileName: name };
  }
  throw new BuildError(
    `The forge has lost the template of this appliance: ${filesDir} has none that can be read.`,
  );
}
