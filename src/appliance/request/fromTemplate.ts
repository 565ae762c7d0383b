import type { Image } from '../../uforge/dto.ts';
import { closest, didYouMean } from '../text/suggest.ts';
import { formatMeant } from '../catalog/formatMeaning.ts';
import { targetFormatNamed } from '../catalog/targetFormats.ts';
import type { Builder, Template } from '../template/model/template.ts';
import { textOf } from '../yaml/dataTree.ts';
import { sentence } from '../../uforge/language/sentence.ts';
import { SaidError } from '../../uforge/language/saidError.ts';

/** Which of a template's builders was asked for can't be told. The message says what to do. */
export class BuilderChoiceError extends SaidError {
  override readonly name = 'BuilderChoiceError';
}

/** The target formats a template has builders for, each once. */
export function targetFormatsOf(template: Template): readonly string[] {
  return [...new Set((template.builders ?? []).map(({ type }) => type))];
}

/**
 * The request a template's builder stands for. Without a target format there must be one builder only; a target
 * format without a builder gets a request with the server's defaults.
 * @throws {BuilderChoiceError}
 */
export function requestFromTemplate(template: Template, targetFormat?: string): Image {
  const builders = template.builders ?? [];
  if (targetFormat !== undefined) {
    const wanted = targetFormat.toLowerCase();
    const builder = builders.find(({ type }) => type.toLowerCase() === wanted);
    return requestFor(template, builder ?? { type: targetFormat });
  }
  const [first, ...others] = builders;
  if (first === undefined) {
    throw new BuilderChoiceError(
      sentence`The template has no builders. Say for which target format to build.`,
    );
  }
  if (others.length > 0) {
    const names = targetFormatsOf(template).join(', ');
    throw new BuilderChoiceError(sentence`The template has several builders. Say which one: ${names}.`);
  }
  return requestFor(template, first);
}

/** The same request for another target format. */
export function withTargetFormat(image: Image, name: string): Image {
  return { ...image, targetFormat: { name } };
}

/**
 * The server's own spelling of a target format's name, or an error that lists the known ones.
 * @throws {BuilderChoiceError}
 */
export function knownTargetFormat(name: string, known: readonly string[]): string {
  const exact =
    known.find((each) => each === name) ?? known.find((each) => each.toLowerCase() === name.toLowerCase());
  if (exact !== undefined) return exact;
  const meant = formatMeant(name);
  const suggestion = meant !== undefined && known.includes(meant) ? meant : closest(name, known);
  const list = known.length === 0 ? sentence`none` : known.join(', ');
  throw new BuilderChoiceError(
    sentence`The server has no target format “${name}”.${didYouMean(suggestion)} It has: ${list}.`,
  );
}

/** A request, and for what it does not say the template's builder for the same target format. */
export function withBuilder(image: Image, template: Template): Image {
  const builder = template.builders?.find(({ type }) => type === image.targetFormat?.name);
  if (builder === undefined) return image;
  const own = requestFor(template, builder);
  return { ...own, ...image, installProfile: { ...own.installProfile, ...image.installProfile } };
}

/** As hammr makes it: sizes from the builder, else from the template's installation. Sizes in MB. */
function requestFor({ stack }: Template, builder: Builder): Image {
  const { hardwareSettings: hardware, installation, entrypoint } = builder;
  const diskSize = installation?.diskSize ?? stack.installation?.diskSize;
  const swapSize = installation?.swapSize ?? stack.installation?.swapSize;
  const isAws = builder.type === 'Amazon AWS';
  const isVagrant = builder.type === 'Vagrant Base Box';
  return {
    compress: targetFormatNamed(builder.type)?.compress ?? true,
    targetFormat: { name: builder.type },
    installProfile: {
      ...(hardware?.memory !== undefined && { memorySize: hardware.memory }),
      ...(hardware?.hwType !== undefined && { hwType: hardware.hwType }),
      ...(diskSize !== undefined && { diskSize }),
      ...(swapSize !== undefined && { swapSize }),
      ...(isVagrant && boxUserOf(builder)),
      ...(isAws &&
        builder.disableRootLogin !== undefined && {
          rootUser: { disablePasswordLogin: builder.disableRootLogin },
        }),
    },
    ...(entrypoint !== undefined && {
      // Docker's exec form has texts only.
      entrypoint: Array.isArray(entrypoint) ? JSON.stringify(entrypoint.map(String)) : textOf(entrypoint),
    }),
    ...(isAws && { ebs: true, ...(diskSize !== undefined && { ebsVolumeSize: diskSize }) }),
  };
}

/** Who Vagrant logs in as. A box for everybody has the well-known key, which the server knows. */
function boxUserOf({ publicBaseBox, osUser = 'vagrant', sshKey }: Builder): Image['installProfile'] {
  if (publicBaseBox === true) return { vagrantUser: 'vagrant' };
  if (sshKey === undefined) return { vagrantUser: osUser };
  return { vagrantUser: osUser, users: [{ name: osUser, sudo: 2, sshKeys: [sshKey] }] };
}
