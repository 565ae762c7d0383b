import type { TemplateLanguage } from '../../appliance/template/model/template.ts';
import type { Clock } from '../../uforge/clock.ts';
import { date, flag, integer, oneOf, optional, text } from './columns.ts';
import type { Database } from './database.ts';
import { Table, type RowOf } from './table.ts';

/** How an export ended. */
export type ExportResult =
  | { readonly state: 'done'; readonly size: number; readonly sha256: string }
  | { readonly state: 'failed'; readonly errorMessage: string }
  | { readonly state: 'cancelled' };

const columns = {
  id: integer,
  applianceId: integer,
  language: oneOf('json', 'yaml'),
  state: oneOf('running', 'done', 'failed', 'cancelled'),
  message: text,
  errorMessage: optional(text),
  downloaded: flag,
  fileName: text,
  /** Bytes of the archive. */
  size: optional(integer),
  /** Lower-case hex. */
  sha256: optional(text),
  created: date,
  modified: date,
};

export type ExportRecord = RowOf<typeof columns>;

/** The exports of appliances; their archives lie in a folder of their own (`DataFolder.export`). */
export class ExportStore extends Table<typeof columns> {
  constructor(database: Database, clock: Clock, of: 'appliance' | 'software' = 'appliance') {
    super(database, clock, `${of}_export`, columns);
  }

  ofAppliance(applianceId: number): ExportRecord[] {
    return this.where('appliance_id = ?', applianceId);
  }

  create(applianceId: number, language: TemplateLanguage, fileName: string): ExportRecord {
    return this.insert({
      ...{ applianceId, language, fileName },
      state: 'running',
      message: 'Exporting the appliance',
    });
  }

  finish(id: number, result: ExportResult): void {
    const message = { done: 'Exported', failed: 'The export failed', cancelled: 'Cancelled' }[result.state];
    this.update(id, { ...result, message });
  }

  downloaded({ id, modified }: ExportRecord): void {
    this.update(id, { downloaded: true, modified });
  }

  failUnfinished(errorMessage: string): void {
    for (const { id } of this.where("state = 'running'")) this.finish(id, { state: 'failed', errorMessage });
  }
}
