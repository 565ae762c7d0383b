import type { DeploymentNode, ImageNode, PublicationNode } from './nodes.ts';

/** Whether a command was called from a row of that kind. */
export function isRow(row: unknown, kind: ImageNode['kind']): boolean {
  return typeof row === 'object' && row !== null && 'kind' in row && row.kind === kind;
}

/** The row of the image a publication or a deployment belongs to; any other row as it is. */
export function imageRow(row: unknown): unknown {
  let at = row;
  while (isRow(at, 'publication') || isRow(at, 'deployment'))
    at = (at as PublicationNode | DeploymentNode).parent;
  return at;
}
