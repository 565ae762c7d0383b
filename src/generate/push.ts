import type { TemplateArchive } from '../appliance/archive/packTemplate.ts';
import type { ApplianceName } from '../tickets/service.ts';
import type { UForgeClient } from '../uforge/client/client.ts';
import { sleep, type Clock } from '../uforge/clock.ts';
import type { Appliance, ApplianceImport, OpStatus } from '../uforge/dto.ts';
import { UForgeError } from '../uforge/errors.ts';
import { fiqlAll, fiqlEquals } from '../uforge/fiql.ts';
import { parseLong } from '../uforge/uris.ts';
import type { GenerateHost, Target } from './host.ts';
import type { PushMemory } from './pushMemory.ts';

interface PushProgress {
  readonly message: string;
  readonly percentage: number;
}

export interface PushOptions {
  readonly client: UForgeClient;
  readonly server: string;
  readonly archive: TemplateArchive;
  readonly memory: Pick<PushMemory, 'get' | 'set'>;
  readonly clock: Clock;
  /**
   * Asked when the server has an appliance of that name and version that was not pushed from here: whether
   * it may be replaced. What was pushed from here is replaced unasked. Without it: no.
   */
  readonly mayReplace?: (existing: Appliance) => boolean | Promise<boolean>;
  readonly onProgress?: (progress: PushProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface Pushed {
  /** Relative URI of the appliance. */
  readonly applianceUri: string;
  /** False when the server had this very content already. */
  readonly imported: boolean;
}

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

const pollMs = 1_000;

/**
 * Pushes a template as the host allows. Whoever pushes the same appliance at the same moment, in this process
 * or another, waits and finds what the first has pushed.
 * @throws {PushConflict}, {UForgeError}, or the signal's reason
 */
export async function push(
  archive: TemplateArchive,
  client: UForgeClient,
  host: Pick<GenerateHost, 'mayReplace' | 'onStep'>,
  { server, memory, clock, signal }: Pick<Target, 'server' | 'memory' | 'clock' | 'signal'>,
): Promise<ApplianceName> {
  const { name, version } = archive;
  const mayReplace = (existing: Appliance): boolean | Promise<boolean> => host.mayReplace(existing);
  const onProgress = (progress: PushProgress): void => host.onStep?.({ kind: 'pushing', ...progress });
  const { applianceUri, imported } = await memory.inTurn(
    { server, name, version },
    () => pushTemplate({ client, server, archive, memory, clock, mayReplace, onProgress, signal }),
    signal,
  );
  host.onStep?.({ kind: 'pushed', name, version, imported });
  return { uri: applianceUri, name, version };
}

/**
 * Makes sure the server has the appliance of a template with this content: imports the archive
 * (`appliance_import`, `applianceImport_upload`) when the server lacks it or the content has changed since.
 * A changed one is imported with `force`: it keeps its name, and its revision counts up.
 * @throws {PushConflict}, {UForgeError} with the server's reason in `detail`, or the signal's reason
 */
export async function pushTemplate(options: PushOptions): Promise<Pushed> {
  const { client, server, archive, memory, signal, mayReplace } = options;
  const key = { server, name: archive.name, version: archive.version };
  const existing = await findAppliance(client, archive, signal);
  const last = await memory.get(key);
  const isOurs = existing?.uri !== undefined && last?.applianceUri === relative(existing.uri);
  if (isOurs && last.digest === archive.digest) return { applianceUri: last.applianceUri, imported: false };
  if (existing !== undefined && !isOurs && !((await mayReplace?.(existing)) ?? false)) {
    throw new PushConflict(archive, existing.uri);
  }
  const applianceUri = await importArchive(options, existing !== undefined);
  await memory.set(key, { digest: archive.digest, applianceUri });
  return { applianceUri, imported: true };
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

async function importArchive(options: PushOptions, force: boolean): Promise<string> {
  const { client, archive, signal } = options;
  report(options, 'Sending the template', 0);
  const opened = await client.appliance_import({ imported: false, force }, { signal });
  const iid = importId(opened);
  try {
    const sent = await client.applianceImport_upload({ iid }, archive.bytes, { signal });
    await follow(options, iid, sent);
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

/** Waits for the end of an import. A failed one says so in its status, with a 2xx answer. */
async function follow(options: PushOptions, iid: ReturnType<typeof importId>, sent: OpStatus): Promise<void> {
  const { client, clock, signal } = options;
  let status = sent;
  for (;;) {
    if (status.error === true || status.cancelled === true) throw refusal(options.archive, status);
    if (status.complete === true) return;
    report(options, status.message ?? 'Importing the template', status.percentage ?? 0);
    await sleep(clock, pollMs, signal);
    status = await client.applianceImportStatus_get({ iid }, { signal });
  }
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

function report({ onProgress }: PushOptions, message: string, percentage: number): void {
  onProgress?.({ message, percentage: Math.min(100, Math.max(0, percentage)) });
}
