import { unpackTemplate } from '../../appliance/archive/unpackTemplate.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import { sleep, type Clock } from '../../uforge/clock.ts';
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

const pollMs = 1_000;

/**
 * Has a server export an appliance and unpacks the archive: template and bundles' files (`appliance_export`,
 * `applianceExport_download`). What the server made for it is deleted again.
 * @throws {UForgeError}, {ArchiveError}, or the signal's reason
 */
export async function exportTemplate(options: ExportOptions): Promise<void> {
  const { client, appliance, folder, signal } = options;
  const ids = parseApplianceUri(appliance.uri ?? '');
  if (ids === undefined) throw new UForgeError('protocol', 'The server did not say where the appliance is.');
  const made = await client.appliance_export({ aid: ids.aid, outputFormat: 'yaml' }, { signal });
  const eid = idOf(made);
  const params = { aid: ids.aid, eid };
  try {
    await finished(options, made.status, () =>
      client.applianceExportStatus_get(params, { signal, fresh: true }),
    );
    const { body } = await client.applianceExport_download(params, { signal });
    await unpackTemplate(body, folder, { signal });
  } finally {
    // Nobody needs it any more, and its failing to go is nobody's trouble.
    await client.applianceExport_delete(params).catch(() => undefined);
  }
}

function idOf({ uri = '', dbId }: ApplianceExport): ReturnType<typeof parseLong> {
  const id = /exports\/(\d+)/.exec(uri)?.[1] ?? (dbId === undefined ? undefined : String(dbId));
  if (id === undefined) throw new UForgeError('protocol', 'The server did not say where the export is.');
  return parseLong(id);
}

async function finished(
  { clock, signal, report }: ExportOptions,
  first: OpStatus | undefined,
  ask: () => Promise<OpStatus>,
): Promise<void> {
  let status = first ?? (await ask());
  for (;;) {
    if (status.error === true) {
      throw new UForgeError('server', status.errorMessage ?? status.message ?? 'The export failed.', {
        detail: status.detailedErrorMsg,
      });
    }
    if (status.complete === true) return;
    report({ message: status.message ?? '', fraction: Math.max(0, status.percentage ?? 0) / 100 });
    await sleep(clock, pollMs, signal);
    status = await ask();
  }
}
