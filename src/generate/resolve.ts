import {
  packTemplate,
  readTemplate,
  type ReadTemplate,
  type TemplateArchive,
} from '../appliance/archive/packTemplate.ts';
import { resolveAppliance } from '../appliance/find/resolveAppliance.ts';
import { withBuilder } from '../appliance/request/fromTemplate.ts';
import type { ApplianceName } from '../tickets/service.ts';
import type { Image } from '../uforge/dto.ts';
import type { GenerateHost } from './host.ts';
import { isFile } from './isFile.ts';
import type { FileProblem, ReadDefinition } from './read.ts';

/** What is to be generated, as far as the files say it. */
export interface Resolved {
  readonly images: readonly Image[];
  /** The appliance on the server, or the template that describes it. */
  readonly appliance: ApplianceName | TemplateArchive;
  readonly warnings: readonly FileProblem[];
}

/**
 * Finds the appliance images are to be made of: the template's, when the definition is one; else the one the
 * request names; else the nearest template's; else the one that is picked, or nothing when nobody picks any.
 * A template is packed.
 * @throws {DefinitionError} when a template can't be packed, or what the host throws
 */
export async function resolve(
  { file, images, template, warnings }: ReadDefinition,
  host: GenerateHost,
  signal?: AbortSignal,
): Promise<Resolved | undefined> {
  const found = template ?? (await find(file, images[0] ?? {}, host));
  if (found === undefined) return undefined;
  if ('uri' in found) return { images, appliance: found, warnings };
  const archive = await pack(found, host, signal);
  const more = archive.problems.map((problem) => ({ file: found.file, problem }));
  const { template: parsed } = found.parsed;
  return {
    images: images.map((image) => withBuilder(image, parsed)),
    appliance: archive,
    warnings: [...warnings, ...more],
  };
}

/** Packs a template with what it names, as far as the host allows. @throws {DefinitionError} */
export function pack(
  template: ReadTemplate,
  host: Pick<GenerateHost, 'mayPackOutside' | 'fetchSource' | 'onStep'>,
  signal?: AbortSignal,
): Promise<TemplateArchive> {
  host.onStep?.({ kind: 'packing' });
  return packTemplate(template, {
    mayPackOutside: (outside) => host.mayPackOutside?.(outside) ?? false,
    fetchSource: host.fetchSource,
    signal,
  });
}

async function find(
  file: string,
  image: Image,
  host: GenerateHost,
): Promise<ApplianceName | ReadTemplate | undefined> {
  const choice = await resolveAppliance(file, image, { exists: isFile, stopAt: await host.stopAt(file) });
  if (choice === undefined) return host.pickAppliance(file);
  if (choice.kind === 'uri') return { uri: choice.applianceUri };
  return readTemplate(choice.templateFile, await host.read(choice.templateFile));
}
