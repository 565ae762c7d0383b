import type { Template } from '../../appliance/template/model/template.ts';
import { decodeAs } from '../../uforge/codec/codec.ts';
import { BuildError, type BuildRequest } from '../../builder/index.ts';
import { readStored } from '../appliances/parts/files.ts';
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
  const stored = await readStored(filesDir, false);
  if (stored !== undefined) return stored.template;
  throw new BuildError(
    `The forge has lost the template of this appliance: ${filesDir} has none that can be read.`,
  );
}
