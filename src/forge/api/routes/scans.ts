import { sentence } from '../../../uforge/language/sentence.ts';
import { listed } from '../http/query.ts';
import { notFound } from '../refusal.ts';
import type { Call, Routes } from './route.ts';

/** The forge scans nothing, so there are no scans and no migrations, and nothing below a scanned instance. */
export const scanRoutes: Routes = {
  scanInstance_getAll: ({ query }) => listed('scannedInstances', [], query),
  migration_getAll: ({ query }) => listed('migrations', [], query),
  scanImage_getPlatformTools: noScan,
  scanPublishedImage_deploy: noScan,
};

function noScan({ param }: Call): never {
  const siid = param('siid');
  throw notFound(sentence`Scanned instance with id ${siid} not found: the local forge has no scans.`, siid);
}
