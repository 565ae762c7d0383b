import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { nameProblem } from '../../../appliance/template/rules/paths.ts';
import type { BootScript as TemplateScript } from '../../../appliance/template/model/template.ts';
import { sourcePath } from '../../../appliance/archive/unpackTemplate.ts';
import type { BootScript } from '../../../uforge/dto.ts';
import {
  bootScriptOf,
  idOfScript,
  placeOfScript,
  readBootScript,
} from '../../appliances/parts/bootScripts.ts';
import { unlessEmpty } from '../../appliances/parts/dtoFields.ts';
import { hashesOf, linkFile } from '../../appliances/parts/files.ts';
import { withStack } from '../../appliances/parts/stack.ts';
import { dto, type Answer } from '../http/answer.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { notFound, Refusal } from '../refusal.ts';
import {
  applianceAt,
  find,
  inPlace,
  partRoutes,
  placeOf,
  type Kept,
  type PartKind,
  type Place,
} from './parts.ts';
import type { Call, Routes } from './route.ts';

/** Largest script that is taken, bytes. */
const largestScript = 16 * 1024 ** 2;

const scripts: PartKind<TemplateScript, BootScript> = {
  operations: 'applianceBootScript',
  noun: sentence`Boot script`,
  param: 'bsid',
  idOf: idOfScript,
  list: ({ stack }) => stack.config ?? [],
  replace: (template, items) => withStack(template, { config: unlessEmpty(items) }),
  present,
  read: (script, kept, { template, problems }) =>
    readBootScript(
      script,
      kept && { script: kept.item, index: kept.index },
      (fileName) => placeOfScript(template, fileName),
      'bootScript',
      problems,
    ),
  /** All, or those of that `id`, `type` (when they run) or `name`. */
  isChosen: (item, { query }) => {
    const chosen = { id: String(idOfScript(item)), type: item.frequency, name: item.name };
    return Object.entries(chosen).every(([key, value]) => [null, value].includes(query.get(key)));
  },
};

/** The scripts of an appliance: made first, uploaded then; until all are there nothing can be generated. */
export const bootScriptRoutes: Routes = {
  ...partRoutes(scripts),
  applianceBootScript_upload: upload,
  applianceBootScript_download: download,
  applianceBootScript_downloadFile: download,
};

async function present({ item, index }: Kept<TemplateScript>, { record, call }: Place): Promise<BootScript> {
  const { source } = item;
  const hashes = await hashesOf(sourcePath(call.forge.data.appliance(record.id, record.revision), source));
  const uri = `${call.uris.bootScripts(record.id)}/${idOfScript(item)}`;
  return bootScriptOf(item, index, uri, hashes && { fileName: basename(source), ...hashes });
}

/** Takes the script's file under its own name; what it was before goes. */
async function upload(call: Call): Promise<Answer> {
  const { id } = applianceAt(call);
  const { forge } = call;
  const fileName = call.param('fileName');
  const problem = nameProblem(fileName.replaceAll('/', '_'));
  if (problem !== undefined) {
    throw new Refusal('ERROR.APPLIANCE.DEFINITION', sentence`The name of the script's file ${problem}.`);
  }
  await inPlace(call, ({ template }) => find(scripts, scripts.list(template, call), call));
  const file = join(forge.data.work, `script-${randomUUID()}`);
  try {
    await pipeline(call.bytes(largestScript), createWriteStream(file, { flags: 'wx', mode: 0o755 }));
    let place = '';
    const defined = await forge.definitions.edit(
      id,
      (template) => {
        const items = scripts.list(template, call);
        const { item, index } = find(scripts, items, call);
        place = placeOfScript(template, fileName, item);
        return scripts.replace(template, items.with(index, { ...item, source: place }), call);
      },
      () => async (folder, template) => {
        const target = sourcePath(folder, place);
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        await rm(target, { force: true });
        await linkFile(file, target);
        return template;
      },
    );
    const kept = find(scripts, scripts.list(defined.template, call), call);
    return dto('bootScript', await present(kept, placeOf(call, defined)));
  } finally {
    await rm(file, { force: true });
  }
}

/** Credentials are needed: the forge gives no keys for scripts. */
async function download(call: Call): Promise<Answer> {
  if (call.user === undefined) {
    throw new Refusal(
      'ERROR.AUTHENTICATION.INVALID',
      sentence`The file of a boot script needs credentials.`,
      {
        headers: { 'www-authenticate': 'Basic realm="UForge", charset="UTF-8"' },
      },
    );
  }
  return await inPlace(call, async ({ record, template }) => {
    const { item } = find(scripts, scripts.list(template, call), call);
    const fileName = call.param('fileName');
    const path = sourcePath(call.forge.data.appliance(record.id, record.revision), item.source);
    const hashes = await hashesOf(path);
    const missing = sentence`The boot script “${item.name}” has no such file.`;
    if (hashes === undefined || (fileName !== '' && fileName !== basename(item.source))) {
      throw notFound(missing, item.name);
    }
    return {
      kind: 'file',
      path,
      missing,
      fileName: basename(item.source),
      mimeType: 'application/octet-stream',
      sha256: hashes.sha256,
      lastModified: record.modified,
    };
  });
}
