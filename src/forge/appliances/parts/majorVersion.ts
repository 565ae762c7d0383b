import { debianReleases } from '../../../appliance/catalog/debianReleases.ts';
import type { Template } from '../../../appliance/template/model/template.ts';

/**
 * Names the major version of a distribution (12 for 12.4) where that is the one the forge has: `useMajor` of
 * an import.
 */
export function useMajorVersion(template: Template, notes: string[]): Template {
  const { os } = template.stack;
  const versions = debianReleases.map(({ version }) => version);
  const major = /^(\d+)\.\d/.exec(os.version)?.[1];
  const isKnown = os.name.toLowerCase() === 'debian' && major !== undefined && versions.includes(major);
  if (!isKnown || versions.includes(os.version)) return template;
  notes.push(`for ${os.name} ${major} instead of ${os.version}`);
  return { ...template, stack: { ...template.stack, os: { ...os, version: major } } };
}
