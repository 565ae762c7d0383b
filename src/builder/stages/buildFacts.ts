import type { ImageFormat } from '../formats/format.ts';
import type { Plan } from '../plan/plan.ts';
import type { Checked } from './checkDependencies.ts';

/** What a build is about, once its dependencies are known. */
export interface BuildFacts extends Pick<Checked, 'resolution' | 'bundles'> {
  readonly plan: Plan;
  readonly format: ImageFormat;
  /** Hash of the template archive's files. */
  readonly files: string;
}
