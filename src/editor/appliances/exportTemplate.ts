import { unpackTemplate } from '../../appliance/archive/unpackTemplate.ts';
import { untilEnded } from '../../generate/untilEnded.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { Appliance, ApplianceExport, OpStatus } from '../../uforge/dto.ts';
import { UForgeError } from '../../uforge/errors.ts';
import { parseApplianceUri, parseLong } from '../../uforge/uris.ts';
import type { Step } from '../progress.ts';

export interface ExportOptions {
  readonly client: UForgeClient;
  readonly appliance: Appliance;
  /** Empty, or not there yet. It is gone when the export fails. */
  readonly folder: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: (step: Step) => void;
}

/**
 * Has a server export an appliance and unpacks the archive: template and bundles' files (`appliance_export`,
 * `applianceExport_download`). What the server made for it is deleted again.
 * @throws {UForgeError}, {ArchiveError}, or the signal's reason
 */
export async function exportTemplate(options: ExportOptions): Promise<void> {
  const { client, appliance, folder, clock, signal, report } = options;
  const ids = parseApplianceUri(appliance.uri ?? '');
  if (ids === undefined) throw new UForgeError('protocol', 'The server did not say where the appliance is.');
  const made = await client.appliance_export({ aid: ids.aid, outputFormat: 'yaml' }, { signal });
  const eid = idOf(made);
  const params = { aid: ids.aid, eid };
  try {
    const ask = (): Promise<OpStatus> => client.applianceExportStatus_get(params, { signal, fresh: true });
    const told = (percentage: number, message = ''): void => report({ message, fraction: percentage / 100 });
    const ended = await untilEnded(made.status ?? (await ask()), ask, clock, told, signal);
    if (ended.error === true || ended.cancelled === true) {
      const { errorMessage, message = 'The export failed.', detailedErrorMsg: detail } = ended;
      throw new UForgeError('server', errorMessage ?? message, { detail });
    }
    const { body } = await client.applianceExport_download(params, { signal });
    await unpackTemplate(body, folder, { signal, rewrite: withoutNoBuilders });
  } finally {
    // Nobody needs it any more, and its failing to go is nobody's trouble.
    await client.applianceExport_delete(params).catch(() => undefined);
  }
}

/** Archives say that builders stay with requests; a template that a person has says nothing of it. */
function withoutNoBuilders(text: string): string {
  return text
    .replace(/^builders: null *\n/m, '')
    .replace(/, *"builders": null\}\s*$/, '}\n')
    .trim()
    .concat('\n');
}

function idOf({ uri = '', dbId }: ApplianceExport): ReturnType<typeof parseLong> {
  const id = /exports\/(\d+)/.exec(uri)?.[1] ?? (dbId === undefined ? undefined : String(dbId));
  if (id === undefined) throw new UForgeError('protocol', 'The server did not say where the export is.');
  return parseLong(id);
}
