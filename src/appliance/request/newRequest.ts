import { encodeXml } from '../../uforge/codec/codec.ts';
import type { Image } from '../../uforge/dto.ts';
import { builderFor, type Machine } from '../template/newTemplate.ts';
import { formatXml } from './formatRequest.ts';
import { requestFromTemplate } from './fromTemplate.ts';

/** A request for an image of that machine: without a problem, in the schema's order. */
export function newRequest(machine: Machine): string {
  const image = requestFor(machine);
  const text = encodeXml('image', image);
  return `${(formatXml(text, '  ') ?? text).trimEnd()}\n`;
}

/** As a template with that builder would be sent. */
function requestFor(machine: Machine): Image {
  const { entrypoint, ...builder } = builderFor(machine);
  const os = { name: '', version: '', arch: '' };
  const image = requestFromTemplate({
    stack: { name: '', version: '', os },
    builders: [{ ...builder, ...(entrypoint !== undefined && { entrypoint }) }],
  });
  const { installProfile = {}, ...rest } = image;
  return Object.keys(installProfile).length === 0 ? rest : { ...rest, installProfile };
}
