import type { Range } from '../../appliance/text/problem.ts';
import type { Template } from '../../appliance/template/model/template.ts';
import { parseTemplate } from '../../appliance/template/parseTemplate.ts';
import type { TemplatePath } from '../../appliance/template/model/path.ts';
import { decodeAs } from '../../uforge/codec/codec.ts';
import { BuildError, type BuildRequest } from '../../builder/index.ts';
import { storedTexts } from '../appliances/parts/storedText.ts';
import type { DataFolder } from '../process/paths.ts';
import type { TicketRecord } from '../store/ticketStore.ts';
import { effectiveInstallation } from './effectiveInstallation.ts';

/** What a ticket is built from: the revision of the appliance it was asked for, whatever was pushed since. */
export async function buildInputs(
  ticket: TicketRecord,
  data: DataFolder,
): Promise<Omit<BuildRequest, 'workDir' | 'cacheDir'>> {
  const filesDir = data.appliance(ticket.applianceId, ticket.revision);
  const template = await readTemplate(filesDir);
  const image = decodeAs('image', ticket.request, 'application/json');
  const { installation } = effectiveInstallation(template, image);
  return {
    ...{ template, filesDir, image, installation },
    revision: ticket.revision,
  };
}

/** The template of an unpacked archive, which was checked when it was imported. */
export async function readTemplate(filesDir: string): Promise<Template> {
  const placed = await readPlaced(filesDir);
  if (placed !== undefined) return placed.template;
  throw new BuildError(
    `The forge has lost the template of this appliance: ${filesDir} has none that can be read.`,
  );
}

/** The template of an unpacked archive, its file's name, and where in that something is. */
export interface PlacedTemplate {
  readonly template: Template;
  readonly fileName: string;
  readonly rangeAt: (path: TemplatePath) => Range;
}

/** @returns undefined when none can be read */
export async function readPlaced(filesDir: string): Promise<PlacedTemplate | undefined> {
  for await (const { fileName, language, text } of storedTexts(filesDir)) {
    const { template, rangeAt } = parseTemplate(text, language);
    if (template !== undefined) return { template, rangeAt, fileName };
  }
  return undefined;
}
