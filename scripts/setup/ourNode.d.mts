export const pinnedNode: string;
export function chooseNode(system: {
  readonly platform: string;
  readonly arch: string;
  readonly version: string;
  readonly execPath: string;
  readonly hasPinned: boolean;
}): string;
