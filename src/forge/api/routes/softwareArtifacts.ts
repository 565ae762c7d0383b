import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { templateOfBundle } from '../../../appliance/archive/bundleArchive.ts';
import { sourcePath } from '../../../appliance/archive/unpackTemplate.ts';
import type { BundleFile, Template } from '../../../appliance/template/model/template.ts';
import { nameProblem } from '../../../appliance/template/rules/paths.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import {
  artifactOf,
  idOfArtifact,
  placeOfArtifact,
  readArtifact,
  type SoftwareArtifact,
} from '../../appliances/parts/artifacts.ts';
import { hashesOf, linkFile } from '../../appliances/parts/files.ts';
import { dto, empty, type Answer } from '../http/answer.ts';
import { unauthorized } from '../http/authentication.ts';
import { listed } from '../http/query.ts';
import { notFound, Refusal } from '../refusal.ts';
import { bundleOf, find, ownOf, type Found } from './software.ts';
import type { Call, Routes } from './route.ts';

/** Largest file that is taken, bytes. */
const largestFile = 512 * 1024 ** 2;

/** The files of software: said first, uploaded then; until all are there no appliance that has it can be built. */
export const softwareArtifactRoutes: Routes = {
  mySoftwareArtifact_getAll: async (call) => {
    const found = await find(call);
    const fileName = call.query.get('filename');
    const all: SoftwareArtifact[] = [];
    for (const file of found.bundle.files) all.push(await present(call, found, file));
    return listed(
      'softwareArtifacts',
      all.filter(({ name, origName }) => fileName === null || [name, origName].includes(fileName)),
    );
  },

  mySoftwareArtifact_get: async (call) => {
    const found = await find(call);
    return dto('softwareArtifact', await present(call, found, fileOf(call, found.bundle.files)));
  },

  mySoftwareArtifact_add: async (call) => {
    const body = await call.body('softwareArtifact');
    let added: BundleFile | undefined;
    await edit(call, (files, template, problems) => {
      const place = (name: string): string => placeOfArtifact(bundleOf(template), name);
      added = readArtifact(body, undefined, place, problems);
      if (added === undefined) return files;
      const id = idOfArtifact(added);
      if (files.some((each) => idOfArtifact(each) === id)) {
        throw new Refusal(
          'ERROR.APPLIANCE.PART_EXISTS',
          sentence`The software has a file “${added.name}” already.`,
        );
      }
      return [...files, added];
    });
    const found = await find(call);
    return dto('softwareArtifact', await present(call, found, added ?? fileOf(call, found.bundle.files)));
  },

  mySoftwareArtifact_update: async (call) => {
    const body = await call.body('softwareArtifact');
    let after: BundleFile | undefined;
    await edit(call, (files, template, problems) => {
      const file = fileOf(call, files);
      const place = (name: string): string => placeOfArtifact(bundleOf(template), name);
      after = readArtifact(body, file, place, problems);
      return after === undefined ? files : files.with(files.indexOf(file), after);
    });
    const found = await find(call);
    return dto('softwareArtifact', await present(call, found, after ?? fileOf(call, found.bundle.files)));
  },

  mySoftwareArtifact_delete: async (call) => {
    await edit(call, (files) => files.toSpliced(files.indexOf(fileOf(call, files)), 1));
    return empty;
  },

  mySoftwareArtifact_deleteAll: async (call) => {
    await edit(call, () => []);
    return empty;
  },

  mySoftwareArtifact_upload: upload,
  mySoftwareArtifact_download: download,
  mySoftwareArtifact_downloadFile: download,
};

type EditFiles = Parameters<Call['forge']['software']['definitions']['edit']>[1];

async function edit(
  call: Call,
  change: (
    files: readonly BundleFile[],
    template: Template,
    problems: Parameters<EditFiles>[1],
  ) => readonly BundleFile[],
): Promise<void> {
  const { id } = ownOf(await find(call));
  await call.forge.software.definitions.edit(id, (template, problems) => {
    const bundle = bundleOf(template);
    return templateOfBundle({ ...bundle, files: change(bundle.files, template, problems) });
  });
}

/** Takes the file's bytes under their own name; what it was before goes. */
async function upload(call: Call): Promise<Answer> {
  const { forge } = call;
  const { id } = ownOf(await find(call));
  const fileName = call.param('fileName');
  const problem = nameProblem(fileName.replaceAll('/', '_'));
  if (problem !== undefined)
    throw new Refusal('ERROR.APPLIANCE.DEFINITION', sentence`The name of the file ${problem}.`);
  fileOf(call, (await find(call)).bundle.files);
  const path = join(forge.data.work, `artifact-${randomUUID()}`);
  try {
    await pipeline(call.bytes(largestFile), createWriteStream(path, { flags: 'wx', mode: 0o644 }));
    let place = '';
    await forge.software.definitions.edit(
      id,
      (template) => {
        const bundle = bundleOf(template);
        const file = fileOf(call, bundle.files);
        place = placeOfArtifact(bundle, fileName, file);
        const files = bundle.files.with(bundle.files.indexOf(file), { ...file, source: place });
        return templateOfBundle({ ...bundle, files });
      },
      () => async (folder, template) => {
        const target = sourcePath(folder, place);
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        await rm(target, { force: true });
        await linkFile(path, target);
        return template;
      },
    );
    const found = await find(call);
    return dto('softwareArtifact', await present(call, found, fileOf(call, found.bundle.files)));
  } finally {
    await rm(path, { force: true });
  }
}

/** Credentials are needed: the forge gives no keys for software. */
async function download(call: Call): Promise<Answer> {
  if (call.user === undefined) throw unauthorized(sentence`A file of software needs credentials.`);
  const found = await find(call);
  const file = fileOf(call, found.bundle.files);
  const path = sourcePath(found.folder, file.source);
  const hashes = await hashesOf(path);
  const missing = sentence`The software’s “${file.name}” has no such file.`;
  const fileName = call.param('fileName');
  if (hashes === undefined || (fileName !== '' && fileName !== basename(file.source)))
    throw notFound(missing, file.name);
  return {
    kind: 'file',
    path,
    missing,
    fileName: basename(file.source),
    mimeType: 'application/octet-stream',
    sha256: hashes.sha256,
    lastModified: (found.own ?? found.appliances[0])?.modified ?? new Date(0),
  };
}

function fileOf({ param }: Call, files: readonly BundleFile[]): BundleFile {
  const said = param('said');
  const found = files.find((file) => String(idOfArtifact(file)) === said);
  if (found === undefined) throw notFound(sentence`File with id ${said} not found.`, said);
  return found;
}

async function present({ uris }: Call, found: Found, file: BundleFile): Promise<SoftwareArtifact> {
  const hashes = await hashesOf(sourcePath(found.folder, file.source));
  return artifactOf(file, `${uris.mySoftware(found.id)}/artifacts`, hashes);
}
