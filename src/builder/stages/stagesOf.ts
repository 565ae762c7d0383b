import type { Artifact } from '../model.ts';
import { baseRoot } from './baseRoot.ts';
import type { BuildFacts } from './buildFacts.ts';
import { createdDisks } from './createDisk.ts';
import { fetchedPackages } from './fetchPackages.ts';
import { finishedRoot } from './finishedRoot.ts';
import { convertedFiles, packedImage } from './image.ts';
import { installedPackages } from './installedPackages.ts';
import type { Stage } from './stage.ts';
import { storedImage } from './store.ts';

/** The stages of a build. An image is made from raw disks, or from the packed root where it has none. */
export function stagesOf(facts: BuildFacts): {
  readonly base: Stage;
  readonly installed: Stage;
  readonly root: Stage;
  readonly disks: Stage;
  readonly stored: Stage<Artifact>;
} {
  const base = baseRoot(facts);
  const installed = installedPackages(facts, base);
  const root = finishedRoot(facts, [fetchedPackages(facts, { base, installed }), installed]);
  const disks = createdDisks(facts, root);
  const source = facts.plan.system.hasDisk ? disks : root;
  const packed = packedImage(facts, convertedFiles(facts, source));
  return { base, installed, root, disks, stored: storedImage(facts, [packed, source]) };
}
