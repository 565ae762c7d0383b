import type { OperationName } from '../../../src/uforge/operations.ts';
import { archive } from '../server/support.ts';
import type { Example } from './examples.ts';
import type { World } from './world.ts';

/** An example of every operation on software of a user's own. See `examples`. */
export const softwareExamples: Partial<Record<OperationName, (world: World) => Example | Promise<Example>>> =
  {
    mySoftware_getAll: () => ({}),
    mySoftware_create: (world) => ({ body: { name: world.name(), version: '1.0' } }),
    mySoftware_get: async (world) => ({ params: { msid: await world.software() } }),
    mySoftware_update: async (world) => ({
      params: { msid: await world.software() },
      body: { description: 'changed' },
    }),
    mySoftware_delete: async (world) => ({ params: { msid: await world.software() } }),
    mySoftware_clone: async (world) => ({
      params: { msid: await world.software() },
      body: { name: world.name(), version: '2.0' },
    }),
    mySoftwareUsage_getAll: async (world) => ({ params: { msid: await world.software() } }),

    mySoftwareArtifact_getAll: async (world) => ({ params: { msid: (await world.artifact()).msid } }),
    mySoftwareArtifact_add: async (world) => ({
      params: { msid: await world.software() },
      body: { name: 'a.txt', installLocation: '/opt' },
    }),
    mySoftwareArtifact_deleteAll: async (world) => ({ params: { msid: (await world.artifact()).msid } }),
    mySoftwareArtifact_get: async (world) => ({ params: await world.artifact() }),
    mySoftwareArtifact_update: async (world) => ({
      params: await world.artifact(),
      body: { installLocation: '/srv' },
    }),
    mySoftwareArtifact_delete: async (world) => ({ params: await world.artifact() }),
    mySoftwareArtifact_upload: async (world) => ({
      params: { ...(await world.artifact()), fileName: 'b.txt' },
      bytes: Buffer.from('b'),
    }),
    mySoftwareArtifact_download: async (world) => ({ params: await world.artifact() }),
    mySoftwareArtifact_downloadFile: async (world) => ({
      params: { ...(await world.artifact()), fileName: 'a.txt' },
    }),

    mySoftware_export: async (world) => ({
      params: { msid: (await world.artifact()).msid, outputFormat: 'json' },
    }),
    mySoftwareExportStatus_get: async (world) => ({ params: await world.softwareExport() }),
    mySoftwareExport_download: async (world) => ({ params: await world.softwareExport() }),
    mySoftwareExport_delete: async (world) => ({ params: await world.softwareExport() }),

    softwareBundle_import: () => ({ params: { imported: true } }),
    softwareBundleImport_get: async (world) => ({ params: { sbid: await world.bundleImport() } }),
    softwareBundleImportStatus_get: async (world) => ({ params: { sbid: await world.bundleImport() } }),
    softwareBundleImport_upload: async (world) => ({
      params: { sbid: await world.bundleImport() },
      bytes: await archive({
        name: 'bundle.yml',
        content: `name: ${world.name()}\nversion: '1'\nfiles: []\n`,
      }),
    }),
  };
