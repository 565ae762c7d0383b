import { archiveSegment, archivedSources } from '../../../appliance/archive/layout.ts';
import type { BootScript as TemplateScript, Template } from '../../../appliance/template/model/template.ts';
import type { BootScript } from '../../../uforge/dto.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import {
  changed,
  changedText,
  compact,
  idOfName,
  refuseOthers,
  valueOf,
  type Problems,
} from './dtoFields.ts';

export const idOfScript = ({ name }: { readonly name: string }): number => idOfName('boot script', name);

/** What is known of a script's file once it is there. Hashes are lower-case hex. */
export interface ScriptFile {
  readonly fileName: string;
  readonly size: number;
  readonly md5: string;
  readonly sha256: string;
}

/**
 * A script of `stack.config` as a `bootScript`. Without an order of its own it runs in the order of the list.
 */
export function bootScriptOf(
  script: TemplateScript,
  index: number,
  uri: string,
  file: ScriptFile | undefined,
): BootScript {
  return compact<BootScript>({
    dbId: idOfScript(script),
    md5sum: file?.md5,
    sha256sum: file?.sha256,
    size: file?.size,
    uploaded: file !== undefined,
    uri,
    binaryUri: file && `${uri}/bin/${encodeURIComponent(file.fileName)}`,
    active: true,
    name: script.name,
    origName: file?.fileName,
    type: 'bootscript',
    bootOrder: script.order ?? index,
    bootType: script.frequency,
  });
}

/** `place` is where a new script's file will lie until it is uploaded under its own name. */
export function readBootScript(
  dto: BootScript,
  kept: { readonly script: TemplateScript; readonly index: number } | undefined,
  place: (fileName: string) => string,
  path: string,
  problems: Problems,
): TemplateScript | undefined {
  const known = ['name', 'bootOrder', 'bootType', 'active', 'type', 'fullName', 'origName'];
  refuseOthers(dto, path, known, problems, sentence`a boot script of the local forge has no such thing`);
  const script = kept?.script;
  const name = changedText(dto.name, script?.name);
  if (name === undefined || name.trim() === '') problems.push(sentence`${path}/name is missing`);
  const frequency = changed(dto.bootType, script?.frequency, script?.frequency, (text) => {
    const type = valueOf(['firstboot', 'everyboot'] as const, text);
    if (type === undefined)
      problems.push(sentence`${path}/bootType: “${text}” is neither firstboot nor everyboot`);
    return type;
  });
  if (frequency === undefined && dto.bootType === undefined)
    problems.push(sentence`${path}/bootType is missing`);
  if (dto.bootOrder !== undefined && dto.bootOrder < 0)
    problems.push(sentence`${path}/bootOrder is negative`);
  if (name === undefined || frequency === undefined) return undefined;
  return compact<TemplateScript>({
    ...script,
    name,
    source: script?.source ?? place(name),
    type: 'bootscript',
    frequency,
    order: changed(dto.bootOrder, script?.order, script?.order ?? kept?.index, (order) => order),
  });
}

/** Where in the appliance's files one of that name goes: beside the other scripts, over no other file. */
export function placeOfScript(template: Template, fileName: string, except?: TemplateScript): string {
  const config = template.stack.config?.filter((script) => script !== except) ?? [];
  const others = archivedSources({ stack: { ...template.stack, config } });
  const taken = others.map(({ source }) => source);
  const name = archiveSegment(fileName);
  for (let number = 1; ; number++) {
    const place = `config/${number === 1 ? name : `${startOf(name)}.${number}`}`;
    if (!taken.some((source) => source === place || source.startsWith(`${place}/`))) return place;
  }
}

/** So much of a name that a number after it still fits. */
function startOf(name: string): string {
  return Buffer.from(name)
    .subarray(0, 240)
    .toString()
    .replace(/\uFFFD$/, '');
}
