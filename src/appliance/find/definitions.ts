import { dirname, extname, join } from 'node:path';
import type { TemplateLanguage } from '../template/model/template.ts';

/** What a file of the workspace defines: a request body, or an appliance with its builders. */
export type DefinitionKind = 'representation' | 'template';

/** The names a template is looked for under, in this order. */
export const templateNames: readonly string[] = ['template.yml', 'template.yaml', 'template.json'];
const representationName = 'representation.xml';

/** Glob of all definitions of a workspace, as VS Code and most shells understand it. */
export const definitionGlob = '**/{representation.xml,template.yml,template.yaml,template.json}';

/** What a file is by its full name, or `undefined`: editors react to these names only. */
export function definitionKind(path: string): DefinitionKind | undefined {
  const name = path.split(/[\\/]/).at(-1) ?? '';
  if (name === representationName) return 'representation';
  return templateNames.includes(name) ? 'template' : undefined;
}

/** What a file is by its extension alone: somebody who names a file may call it what they like. */
export function definitionKindByExtension(path: string): DefinitionKind | undefined {
  switch (extname(path).toLowerCase()) {
    case '.xml':
      return 'representation';
    case '.yml':
    case '.yaml':
    case '.json':
      return 'template';
    default:
      return undefined;
  }
}

/** The language of a template by its file name, as hammr decides it; `undefined` for any other extension. */
export function templateLanguageOf(fileName: string): TemplateLanguage | undefined {
  if (/\.ya?ml$/i.test(fileName)) return 'yaml';
  return /\.json$/i.test(fileName) ? 'json' : undefined;
}

export interface NearestTemplateOptions {
  readonly exists: (path: string) => Promise<boolean>;
  /** The last folder to look in, for example the workspace folder; the root of the disk unless given. */
  readonly stopAt?: string;
}

/** The template beside a file, else in the nearest folder above it. */
export async function nearestTemplate(
  file: string,
  { exists, stopAt }: NearestTemplateOptions,
): Promise<string | undefined> {
  let folder = dirname(file);
  for (;;) {
    for (const name of templateNames) {
      const candidate = join(folder, name);
      if (await exists(candidate)) return candidate;
    }
    const parent = dirname(folder);
    if (folder === stopAt || parent === folder) return undefined;
    folder = parent;
  }
}
