import { join } from 'node:path';
import { wipe } from '../../builder/index.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { Quotas } from '../accounts/quotas.ts';
import { Revisions } from '../images/revisions.ts';
import { softwareFolder, type DataFolder } from '../process/paths.ts';
import { ApplianceStore, type ApplianceRecord } from '../store/applianceStore.ts';
import type { Database } from '../store/database.ts';
import { ExportStore } from '../store/exportStore.ts';
import { ImportStore } from '../store/importStore.ts';
import { Definitions } from './definitions.ts';
import { Exporter } from './exporter.ts';
import { Importer } from './importer.ts';

export interface SoftwareInit {
  readonly database: Database;
  readonly clock: Clock;
  readonly quotas: Quotas;
  readonly data: DataFolder;
  readonly onError: (error: unknown) => void;
}

/**
 * Software of users' own (`mySoftware`): bundles outside of appliances. Each is kept, edited, imported and exported
 * as an appliance is, by a template that has this bundle and nothing else; nothing is built from it.
 */
export class Software {
  readonly data: DataFolder;
  readonly store: ApplianceStore;
  readonly imports: ImportStore;
  readonly exports: ExportStore;
  readonly definitions: Definitions;
  readonly importer: Importer;
  readonly exporter: Exporter;
  readonly revisions: Revisions;

  constructor({ database, clock, quotas, data: all, onError }: SoftwareInit) {
    const data = softwareFolder(all);
    const appliances = new ApplianceStore(database, clock, 'software');
    const revisions = new Revisions({ data, appliances, tickets: { ofAppliance: () => [] }, onError });
    const isSoftware = true;
    this.data = data;
    this.store = appliances;
    this.revisions = revisions;
    this.imports = new ImportStore(database, clock, 'software');
    this.exports = new ExportStore(database, clock, 'software');
    this.definitions = new Definitions({ database, quotas, appliances, revisions, data, isSoftware });
    const { definitions, imports, exports } = this;
    this.importer = new Importer({ definitions, appliances, imports, revisions, data, onError, isSoftware });
    this.exporter = new Exporter({ exports, revisions, data, onError, isSoftware });
  }

  /** After a forge that may have been killed. */
  async recover(): Promise<void> {
    await this.exporter.recover();
    await this.revisions.pruneAll();
  }

  /** Appliances keep what they have taken of it. */
  async delete({ id }: ApplianceRecord): Promise<void> {
    for (const { id: eid } of this.exports.ofAppliance(id)) await this.exporter.delete(eid);
    const folder = join(this.data.appliances, String(id));
    await wipe(folder);
    this.store.delete(id);
    // What an edit has put there in that very moment.
    await wipe(folder);
  }
}
