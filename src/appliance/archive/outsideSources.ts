import { lstat, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { archivedSources, formatsOf, isNeeded, isRemote } from './layout.ts';
import { beginning, type Finding, type Range } from '../text/problem.ts';
import type { ParsedTemplate } from '../template/parseTemplate.ts';
import { sentence } from '../../uforge/language/sentence.ts';

/** Something a template names: a file, or a folder with everything in it. */
export interface NamedSource {
  /** As the template has it. */
  readonly source: string;
  /** Where the template says so. */
  readonly range: Range;
  /** No harm when it is not there. */
  readonly optional?: true;
  readonly isBootScript?: true;
}

/** One of this computer, with where it is looked for. */
export interface LocatedSource extends NamedSource {
  /** Absolute. */
  readonly path: string;
}

/**
 * A source that is not below the template's folder: it leads upwards, is absolute, is a link to elsewhere, or is in the
 * folder one works in.
 */
export interface OutsideSource extends NamedSource {
  /** Absolute; where it leads to as far as that has been looked up. */
  readonly path: string;
}

/** Asked before anything of it is read: whether these may go to the server with the template. */
export type MayPackOutside = (outside: readonly OutsideSource[]) => boolean | Promise<boolean>;

/** `code` of the problem. */
const outsideSource = 'outside-source';

/** Everything a template names, as far as it can be read; what none of its own builders takes is optional. */
export function namedSources({ asRead: template, rangeAt }: ParsedTemplate): readonly NamedSource[] {
  if (template === undefined) return [];
  const formats = formatsOf(template);
  return archivedSources(template).map((each) => ({
    source: each.source,
    range: rangeAt(each.at),
    ...(!isNeeded(each, formats) && ({ optional: true } as const)),
    ...(each.isBootScript && { isBootScript: true }),
  }));
}

/**
 * Where a template's files are: beside it, or, as hammr looks for them, below the folder that one works in, when there
 * is nothing of that name beside the template. Addresses are none of them.
 */
export async function located(
  templateFile: string,
  sources: readonly NamedSource[],
  workingFolder?: string,
): Promise<readonly LocatedSource[]> {
  const folder = dirname(resolve(templateFile));
  const named = sources.filter(({ source }) => !isRemote(source));
  return Promise.all(
    named.map(async (each) => {
      const beside = resolve(folder, each.source);
      if (workingFolder === undefined || isAbsolute(each.source)) return { ...each, path: beside };
      const elsewhere = resolve(workingFolder, each.source);
      // Neither name leads upwards: what is looked for is the person's own.
      const isTried = isBelow(beside, folder) && isBelow(elsewhere, workingFolder);
      const path = isTried && !(await isThere(beside)) && (await isThere(elsewhere)) ? elsewhere : beside;
      return { ...each, path };
    }),
  );
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/**
 * The sources that are not below the template's folder, and the template itself when it is a link to elsewhere: whoever
 * wrote the template must not choose which of this computer's files a server gets. Reads nothing, and does not even
 * look for what is outside by its name alone: a path may be another computer's, which would hear of it.
 */
export async function outsideSources(
  templateFile: string,
  sources: readonly LocatedSource[],
): Promise<readonly OutsideSource[]> {
  const folder = dirname(resolve(templateFile));
  const realFolder = await whereItLeads(folder);
  const path = resolve(templateFile);
  const itself: LocatedSource = { source: relative(folder, path), range: beginning, path };
  const known = new Map<string, Promise<string | undefined>>();
  const outside: OutsideSource[] = [];
  for (const named of [itself, ...sources]) {
    const leads = known.get(named.path) ?? outsidePath(named.path, folder, realFolder);
    known.set(named.path, leads);
    const path = await leads;
    if (path !== undefined) outside.push({ ...named, path });
  }
  return outside;
}

/** The same with the paths they lead to in the end: what a person is asked about. */
export function followed(outside: readonly OutsideSource[]): Promise<readonly OutsideSource[]> {
  return Promise.all(outside.map(async (each) => ({ ...each, path: await whereItLeads(each.path) })));
}

/** What is told about a source outside. A person may allow it, a folder that is not trusted can't. */
export function outsideProblem(
  { source, path, range }: OutsideSource,
  severity: Finding['severity'],
): Finding {
  const leads = path === source ? '' : ` (${path})`;
  const message = sentence`“${source}”${leads} is outside the template’s folder. Copy it into the folder.`;
  return { message, severity, range, code: outsideSource };
}

/** Whether a path is a folder or below it. Compares names: links must have been followed before. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function outsidePath(named: string, folder: string, realFolder: string): Promise<string | undefined> {
  if (!isBelow(named, folder) && !isBelow(named, realFolder)) return named;
  const path = await whereItLeads(named);
  return isBelow(path, realFolder) ? undefined : path;
}

/** The path without links; of what is not there, as far as it is there. */
async function whereItLeads(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : resolve(await whereItLeads(parent), relative(parent, path));
  }
}
