import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourcePath } from '../../appliance/archive/unpackTemplate.ts';
import { readInstalledPackages } from '../packages/installed.ts';
import { accountFiles, accountsScript } from '../root/accounts.ts';
import { bootScriptFiles, orderedBootScripts } from '../root/bootScripts.ts';
import { bundleFiles, bundlesScript, licenceFiles } from '../root/bundles.ts';
import { writeBundles } from '../root/bundleTree.ts';
import { customizeScript } from '../root/customize.ts';
import { optionParts } from '../root/options.ts';
import { writeOverlay } from '../root/overlay.ts';
import { textFile } from '../root/part.ts';
import { settingsFiles, settingsScript, templateFiles } from '../root/settings.ts';
import { hostKeysUnit } from '../root/rootFiles.ts';
import { packRoot, packScript, rootTar } from '../root/rootTar.ts';
import { startWebProxy } from '../sandbox/webProxy.ts';
import { wipe } from '../sandbox/wipe.ts';
import { packagesIn, rootFolder, rootSize } from './unpackedRoot.ts';
import type { Making, Stage } from './stage.ts';
import type { BuildFacts } from './buildFacts.ts';

/** Of a root that is packed, packing it is the rest. */
const customizing = 0.6;

/**
 * The root with what belongs to this appliance alone: licences, boot scripts, accounts, bundles. Packed and kept where the
 * format is made from files; else disks are made from the folder at once.
 */
export function finishedRoot(facts: BuildFacts, inputs: readonly Stage[]): Stage {
  const { plan, resolution, bundles, files } = facts;
  const { hasDisk } = plan.system;
  const setup = [
    ...accountFiles(plan),
    textFile('accounts.sh', accountsScript),
    ...bundleFiles(plan, bundles.placed),
    textFile('bundles.sh', bundlesScript),
    ...settingsFiles(plan),
    textFile('settings.sh', settingsScript),
  ];
  const units = [hostKeysUnit, ...optionParts(plan).units];
  return {
    name: 'root',
    title: 'install',
    inputs,
    ...(!hasDisk && { kept: { kind: 'roots', label: plan.hostname } }),
    measuredAs: hasDisk ? 'root for disks' : `root of ${plan.system.name}`,
    options: {
      ...{ scripts: [customizeScript, ...(hasDisk ? [] : [packScript])], setup, units, files },
      bootScripts: bootScriptFiles(plan.bootScripts, () => new Uint8Array()),
      ...{ bundles: plan.bundles, hostname: plan.hostname, epoch: plan.epoch },
      requested: resolution.requested,
      templateFiles: plan.settings.files,
    },
    room: () => bundles.size * 2 + (hasDisk ? 0 : rootSize(facts)),
    async run(making) {
      const { request, sandbox, into, report } = making;
      const root = rootFolder(request.workDir);
      report({ fraction: 0, activity: 'accounts, boot scripts and bundles' });
      await customize(facts, { setup, units }, making);
      const installed = await readInstalledPackages(root, resolution.requested, sandbox);
      await writeFile(packagesIn(into), JSON.stringify(installed));
      if (hasDisk) return;
      const tell = (fraction: number): void =>
        report({ fraction: customizing + (1 - customizing) * fraction, activity: 'packing the root' });
      tell(0);
      await packRoot({ root, tar: rootTar(into), size: rootSize(facts) }, sandbox, tell);
      await wipe(root);
    },
  };
}

/** What the script inside the root reads is in tars: one becomes `/run/setup` there and is gone afterwards. */
async function customize(
  { plan, bundles }: BuildFacts,
  { setup, units }: { readonly setup: Parameters<typeof writeOverlay>[0]['files']; readonly units: string[] },
  { request, sandbox, signal, log }: Making,
): Promise<void> {
  const { workDir, filesDir } = request;
  const { epoch, hostname } = plan;
  const scripts = bootScriptFiles(plan.bootScripts, (script) =>
    readFileSync(sourcePath(filesDir, script.source)),
  );
  const scriptUnits = orderedBootScripts(plan.bootScripts).map(({ unit }) => `${unit}.service`);
  const own = [...licenceFiles(plan, filesDir), ...scripts];
  const at = (name: string): string => join(workDir, `${name}.tar`);
  await writeOverlay({ file: at('setup'), files: setup, epoch, signal });
  await writeOverlay({ file: at('own-overlay'), files: own, epoch, signal });
  await writeOverlay({ file: at('files'), files: templateFiles(plan), epoch, signal });
  await writeBundles(bundles, { file: at('bundles'), epoch, signal });
  const asking = plan.bundles.files.filter(({ network }) => network);
  for (const { at: place, target } of asking)
    log(`Warning: ${place} asks for the network: ${target} may reach the web.`);
  await using web = asking.length > 0 ? await startWebProxy(log) : undefined;
  await sandbox.runInRoot(rootFolder(workDir), customizeScript, {
    hostname,
    ...(web !== undefined && { web }),
    reads: {
      'setup.tar': at('setup'),
      'overlay.tar': at('own-overlay'),
      'bundles.tar': at('bundles'),
      'files.tar': at('files'),
    },
    env: { EPOCH: String(epoch), SYSTEM: plan.system.name, UNITS: [...units, ...scriptUnits].join(' ') },
  });
}
