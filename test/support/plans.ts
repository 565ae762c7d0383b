import type { Template } from '../../src/appliance/template/model/template.ts';
import { imageFormatOf } from '../../src/builder/formats/formats.ts';
import * as builder from '../../src/builder/index.ts';
import type { BuildRequest } from '../../src/builder/model.ts';
import * as plan from '../../src/builder/plan/plan.ts';
import * as check from '../../src/builder/stages/checkBuildable.ts';
import { effectiveInstallation } from '../../src/forge/images/effectiveInstallation.ts';

/** The plan of a request with its install profile read, as the forge does it. */
export async function planBuild(
  request: Omit<BuildRequest, 'installation'>,
  environment: NodeJS.ProcessEnv,
): Promise<plan.Plan> {
  const { template, image } = request;
  const format = imageFormatOf(image.targetFormat?.name);
  if (format === undefined) throw new Error(`There is no format “${image.targetFormat?.name ?? ''}”.`);
  const { installation } = effectiveInstallation(template, image);
  return await plan.planBuild({ ...request, installation }, format, environment);
}

/** What the forge says of a request: what of its install profile can't be read, and what can't be built. */
export function checkBuildable(request: Omit<check.BuildableRequest, 'installation'>): check.Buildable {
  const template: Template = request.template;
  const { installation, problems } = effectiveInstallation(template, request.image);
  const found = check.checkBuildable({ ...request, installation });
  return { ...found, problems: [...problems, ...found.problems] };
}

/** The same for a request whose dependencies are checked. */
export async function simulate(
  request: Omit<BuildRequest, 'installation'>,
  observer: builder.BuildObserver,
  signal: AbortSignal,
): Promise<readonly builder.InstalledPackage[]> {
  const { installation } = effectiveInstallation(request.template, request.image);
  return await builder.simulate({ ...request, installation }, observer, signal);
}
