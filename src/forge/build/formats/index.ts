import type { TargetFormatInfo } from '../model.ts';
import type { ImageFormat } from './format.ts';
import { qcow2 } from './qcow2.ts';
import { raw } from './raw.ts';
import { virtualBox } from './virtualBox.ts';

/** The table of formats: a new format is a file and a line here. */
const formats: readonly ImageFormat[] = [virtualBox, qcow2, raw];

/** What the forge can build. */
export const targetFormats: readonly TargetFormatInfo[] = formats.map((format) => format.info);

/** The format of that target format's name, as it is written there. */
export function imageFormatOf(name: string | undefined): ImageFormat | undefined {
  return formats.find((format) => format.info.name === name);
}
