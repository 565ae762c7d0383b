import { targetFormatNamed } from '../../appliance/catalog/targetFormats.ts';
import type { TargetFormatInfo } from '../model.ts';

/** What the forge says of a target format: the language's facts about it, and a sentence. */
export function infoOf(name: string, description: string): TargetFormatInfo {
  const facts = targetFormatNamed(name);
  if (facts === undefined) throw new Error(`“${name}” is not among the known target formats.`);
  return { name, imageFormat: facts.imageFormat, type: facts.category, description };
}
