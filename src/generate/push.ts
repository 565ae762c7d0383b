import type { TemplateArchive } from '../appliance/archive/packTemplate.ts';
import { leftOutProblems } from '../appliance/template/rules/server.ts';
import { named } from '../appliance/template/model/path.ts';
import { told } from '../appliance/text/problem.ts';
import type { ApplianceName } from '../tickets/service.ts';
import type { UForgeClient } from '../uforge/client/client.ts';
import type { Appliance, ApplianceImport, OpStatus } from '../uforge/dto.ts';
import { UForgeError } from '../uforge/errors.ts';
import { fiqlAll, fiqlEquals } from '../uforge/fiql.ts';
import { parseLong } from '../uforge/uris.ts';
import type { GenerateHost, Target } from './host.ts';
import { hasContent, isOfPushed } from './pushMemory.ts';
import { untilEnded } from './untilEnded.ts';

/** The server has an appliance of that name and version with other content, and it must not be replaced. */
export class PushConflict extends Error {
  override readonly name = 'PushConflict';
  readonly applianceUri: string | undefined;

  constructor({ name, version }: TemplateArchive, applianceUri: string | undefined) {
    super(
      `The server has an appliance “${name}” ${version} that was not pushed from here. ` +
        `Give the template another name or version, or delete that appliance.`,
    );
    this.applianceUri = applianceUri;
  }
}

type PushTarget = Pick<Target, 'server' | 'memory' | 'clock' | 'signal'>;
type PushHost = Pick<GenerateHost, 'mayReplace' | 'onStep'>;

/**
 * Makes sure the server has the appliance of a template with this content: imports the archive
 * (`appliance_import`, `applianceImport_upload`) when the server lacks it or the content has changed since.
 * A changed one is imported with `force`: it keeps its name, and its revision counts up. What was not pushed
 * from here is replaced only as the host allows. Whoever pushes the same appliance at the same moment, in this
 * process or another, waits and finds what the first has pushed.
 * @throws {PushConflict}, {UForgeError} with the server's reason in `detail`, or the signal's reason
 */
export async function push(
  archive: TemplateArchive,
  client: UForgeClient,
  host: PushHost,
  target: PushTarget,
): Promise<ApplianceName> {
  const { server, memory, signal } = target;
  const { name, version, digest } = archive;
  const key = { server, name, version };
  const make = async (): Promise<string> => {
    const existing = await findAppliance(client, archive, signal);
    const last = await memory.get(key);
    const isOurs = existing !== undefined && last !== undefined && isOfPushed(existing, last);
    const gone = archive.ourKeys.filter((each) => !client.templateKeys.includes(each.name));
    const leftOut = [...new Set(gone.map((each) => each.name))];
    if (gone.length > 0) {
      const problems = told(leftOutProblems(gone, client.templateKeys, client.baseUrl.host));
      host.onStep?.({
        kind: 'leftOut',
        file: archive.file,
        keys: gone.map(({ path }) => named(path)),
        problems,
      });
    }
    // A server may have learnt a key since.
    const isSame =
      last !== undefined && hasContent(last, digest) && String(last.leftOut ?? '') === String(leftOut);
    const imported = !isOurs || !isSame;
    if (existing !== undefined && !isOurs && !(await host.mayReplace(existing))) {
      throw new PushConflict(archive, existing.uri);
    }
    const uri = imported
      ? await importArchive(archive, gone, client, host, target, existing !== undefined)
      : last.applianceUri;
    if (imported)
      await memory.set(key, { digest, applianceUri: uri, ...(leftOut.length > 0 && { leftOut }) });
    host.onStep?.({ kind: 'pushed', name, version, imported });
    return uri;
  };
  return { uri: await memory.inTurn(key, make, signal), name, version };
}

/** The appliance of a name and version on a server (`appliance_getAll`). */
export async function findAppliance(
  client: UForgeClient,
  { name, version }: Pick<TemplateArchive, 'name' | 'version'>,
  signal: AbortSignal | undefined,
): Promise<Appliance | undefined> {
  const query = fiqlAll(fiqlEquals('name', name), fiqlEquals('version', version));
  const { appliances } = await client.appliance_getAll({ query }, { signal, fresh: true });
  // A server that reads the query otherwise must not make us replace another appliance.
  return appliances.find((appliance) => appliance.name === name && appliance.version === version);
}

async function importArchive(
  archive: TemplateArchive,
  gone: TemplateArchive['ourKeys'],
  client: UForgeClient,
  { onStep }: PushHost,
  { clock, signal }: PushTarget,
  force: boolean,
): Promise<string> {
  const report = (percentage: number, message = 'Importing the template'): void =>
    onStep?.({ kind: 'pushing', message, percentage });
  report(0, 'Sending the template');
  const opened = await client.appliance_import({ imported: false, force }, { signal });
  const iid = importId(opened);
  try {
    const sent = await client.applianceImport_upload({ iid }, archive.content(gone), { signal });
    const ask = (): Promise<OpStatus> => client.applianceImportStatus_get({ iid }, { signal });
    const ended = await untilEnded(sent, ask, clock, report, signal);
    // A failed one says so in its status, with a 2xx answer.
    if (ended.error === true || ended.cancelled === true) throw refusal(archive, ended);
    const { referenceUri } = await client.applianceImport_get({ iid }, { signal, fresh: true });
    if (referenceUri === undefined) {
      throw new UForgeError(
        'protocol',
        'The server took the template but did not say which appliance it made.',
      );
    }
    return relative(referenceUri);
  } catch (error) {
    // What was begun is of no use to anybody; a server that can't delete it loses it by itself.
    await client.applianceImport_delete({ iid }, { timeoutMs: 5_000 }).catch(() => undefined);
    throw error;
  }
}

function relative(uri: string): string {
  return uri.replace(/^\/+/, '');
}

function refusal(archive: TemplateArchive, status: OpStatus): Error {
  const reason = status.errorMessage ?? status.message ?? 'it does not say why.';
  // Somebody else was faster than we were between looking and importing.
  if (/same name and version already exists/i.test(reason)) return new PushConflict(archive, undefined);
  const detail = status.detailedErrorMsg ?? '';
  return new UForgeError('invalid', `The server refuses the template: ${reason}`, { detail });
}

function importId({ dbId, uri }: ApplianceImport) {
  if (dbId !== undefined) return dbId;
  const id = /\/imports\/(\d+)/.exec(uri ?? '')?.[1];
  if (id === undefined)
    throw new UForgeError('protocol', 'The server opened an import but did not say which.');
  return parseLong(id);
}
