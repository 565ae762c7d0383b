import type { Installation, Stack, Template } from '../../../appliance/template/model/template.ts';
import { compact } from './dtoFields.ts';
import type { Partitioning } from './partitions.ts';

/** The template with its stack changed; members that are undefined go. */
export function withStack(
  template: Template,
  change: { readonly [K in keyof Stack]?: Stack[K] | undefined },
): Template {
  return { ...template, stack: compact<Stack>({ ...template.stack, ...change }) };
}

/** The template with its installation changed; an empty one goes. */
export function withInstallation(
  template: Template,
  change: { readonly [K in keyof Installation]?: Installation[K] | undefined },
): Template {
  const installation = compact<Installation>({ ...template.stack.installation, ...change });
  return withStack(template, {
    installation: Object.keys(installation).length === 0 ? undefined : installation,
  });
}

/** The template with its partitioning changed; empty lists go, and so does an empty partitioning. */
export function withPartitioning(template: Template, change: Partitioning): Template {
  const before = template.stack.installation?.partitioning;
  const lists = Object.entries({ ...before, ...change }).filter(
    ([, value]) => !Array.isArray(value) || value.length > 0,
  );
  return withInstallation(template, {
    partitioning: lists.length === 0 ? undefined : Object.fromEntries(lists),
  });
}
