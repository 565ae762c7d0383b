import type { TemplatePath } from '../../appliance/template/model/path.ts';
import type { Template } from '../../appliance/template/model/template.ts';
import { encodeJson } from '../../uforge/codec/codec.ts';
import type { Image } from '../../uforge/dto.ts';
import {
  checkBuildable,
  debianMirror,
  debianRelease,
  installCommand,
  missingTools,
  targetFormats,
} from '../../builder/index.ts';
import { hasFurtherSources, whichOf } from '../../appliance/template/rules/packages.ts';
import { readStored, type PlacedTemplate } from '../appliances/parts/files.ts';
import { placeAsSent, unreadableTemplate } from '../appliances/parts/storedText.ts';
import type { Forge } from '../process/forge.ts';
import { sealRequest } from '../appliances/storedPasswords.ts';
import { joined, sentence } from '../../uforge/language/sentence.ts';
import { notFound, Refusal } from '../api/refusal.ts';
import type { ApplianceRecord } from '../store/applianceStore.ts';
import { AlreadyGenerating, type TicketRecord } from '../store/ticketStore.ts';
import { effectiveInstallation } from './effectiveInstallation.ts';
import { withNewerElements } from './olderRequest.ts';
import { TicketLog } from './ticketLog.ts';

/**
 * Takes an image request (`machineImage_generate`): checks all that can be known before anything slow begins,
 * makes the ticket and puts it in the queue. `beforeTicket` is waited for once the request is known to be
 * good.
 * @throws {Refusal} 400, 409 or 503, with everything that is wrong
 */
export async function requestImage(
  forge: Forge,
  appliance: ApplianceRecord,
  asked: Image,
  init: { readonly beforeTicket?: () => Promise<unknown> } = {},
): Promise<TicketRecord> {
  const image = withNewerElements(asked);
  const targetFormat = image.targetFormat?.name ?? '';
  using _held = forge.revisions.hold(appliance);
  const folder = forge.data.appliance(appliance.id, appliance.revision);
  const placed = await readStored(folder, false);
  if (placed === undefined) throw await unreadableTemplate(appliance, folder);
  const { template } = placed;
  const { installation, problems: unread } = effectiveInstallation(template, image);
  const placeOf = placesOf(appliance, placed);
  const { problems: found, warnings } = checkBuildable({ template, image, installation, placeOf });
  const problems = [...unread, ...found];
  const reasons = [
    unknownFormat(image),
    await forge.definitions.incomplete(appliance, template, [targetFormat]),
    withoutProfile(appliance, template),
    problems.length === 0
      ? undefined
      : new Refusal(
          'ERROR.IMAGE.NOT_BUILDABLE',
          sentence`The local forge can't build this: ${problems.join('; ')}.`,
          { parameters: problems },
        ),
  ].filter((reason) => reason !== undefined);
  // A package alone is the build's to miss, which asks the mirror first.
  if (reasons.length > 0) refuse([...reasons, ...(await packagesNotListed(forge, template))]);
  const simulated = image.simulated === true;
  if (!simulated) {
    forge.quotas.check(appliance.ownerId, 'generation');
    forge.quotas.check(appliance.ownerId, 'diskusage');
  }
  if (forge.generations.isEnding) {
    throw new Refusal(
      'ERROR.SERVER.STOPPING',
      sentence`The forge takes no new images: it is being drained and ends when the last one is done.`,
      { headers: { 'retry-after': '60' } },
    );
  }
  const missing = await missingTools();
  if (missing.length > 0) {
    throw new Refusal(
      'ERROR.SERVER.MISSING_TOOLS',
      sentence`The local forge needs ${missing.map(({ tool }) => tool).join(', ')}. Run: ${installCommand(missing)}`,
      { parameters: missing.map((each) => each.package) },
    );
  }
  const sealed = await sealRequest(image, appliance.name, appliance.version);
  await init.beforeTicket?.();
  // It may have been deleted meanwhile.
  if (forge.appliances.get(appliance.id) === undefined) {
    throw notFound(sentence`Appliance with id ${appliance.id} not found.`, String(appliance.id));
  }
  const ticket = create(forge, appliance, sealed, targetFormat);
  await writeWarnings(forge, ticket, warnings);
  forge.generations.enqueue(ticket.id);
  return forge.tickets.get(ticket.id) ?? ticket;
}

/** The lines of a template as it was sent, before what is said of its places. */
function placesOf(
  appliance: ApplianceRecord,
  { fileName, rangeAt }: PlacedTemplate,
): (path: TemplatePath) => string {
  return (path) => placeAsSent(appliance, fileName, rangeAt(path));
}

/** One refusal with all the reasons; its kind is the first one's. */
function refuse(reasons: readonly Refusal[]): void {
  const [first] = reasons;
  if (first === undefined) return;
  const said = joined(
    reasons.map((reason) => reason.sentence),
    ' ',
  );
  throw new Refusal(first.messageId, said, { parameters: reasons.flatMap(({ parameters }) => parameters) });
}

/**
 * The packages that the mirror had not when it was last looked at, and names that several stand for; none
 * where the template names other sources.
 */
async function packagesNotListed(forge: Forge, { stack }: Template): Promise<readonly Refusal[]> {
  const { os } = stack;
  const release = debianRelease(os);
  if (typeof release === 'string' || os.updateTo !== undefined || hasFurtherSources(os)) return [];
  const listed = await forge.catalogue.names(release, process.env['FORGE_MIRROR'] ?? debianMirror);
  if (listed === undefined) return [];
  const unlisted = (os.pkgs ?? []).flatMap(({ name }) =>
    name === undefined || listed.real.has(name) ? [] : [name],
  );
  const choices = unlisted.flatMap((name) => {
    const providers = [...(listed.providers.get(name) ?? [])].sort();
    if (providers.length < 2) return [];
    return [
      new Refusal('ERROR.IMAGE.NOT_BUILDABLE', whichOf(name, providers), {
        parameters: [name, ...providers],
      }),
    ];
  });
  const missing = unlisted.filter((name) => !listed.providers.has(name));
  if (missing.length === 0) return choices;
  const quoted = missing.map((name) => `“${name}”`).join(', ');
  return [
    ...choices,
    new Refusal('ERROR.IMAGE.NOT_BUILDABLE', sentence`Debian ${release.version} has no package ${quoted}.`, {
      parameters: missing,
    }),
  ];
}

function unknownFormat(image: Image): Refusal | undefined {
  const name = image.targetFormat?.name;
  const known = targetFormats.map((format) => format.name);
  if (name !== undefined && known.includes(name)) return undefined;
  const formats = known.join(', ');
  return new Refusal(
    'ERROR.IMAGE.TARGET_FORMAT',
    name === undefined
      ? sentence`The image has no targetFormat/name. The forge builds: ${formats}.`
      : sentence`The target format “${name}” is not known here. The forge builds: ${formats}.`,
    { parameters: known },
  );
}

/** Without a profile the packages are the appliance. */
function withoutProfile({ name }: ApplianceRecord, { stack }: Template): Refusal | undefined {
  const { profile, pkgs = [] } = stack.os;
  if (profile !== undefined || pkgs.length > 0) return undefined;
  return new Refusal(
    'ERROR.APPLIANCE.NO_OS_PROFILE',
    sentence`The appliance “${name}” has no OS profile: add stack.os.profile to its template, for example Minimal.`,
    { parameters: [name] },
  );
}

function create(forge: Forge, appliance: ApplianceRecord, sealed: Image, targetFormat: string): TicketRecord {
  try {
    return forge.tickets.create({
      applianceId: appliance.id,
      revision: appliance.revision,
      targetFormat,
      // What isn't used is not kept: it holds the keys of a cloud.
      request: encodeJson('image', { ...sealed, credAccount: undefined }),
    });
  } catch (error) {
    if (!(error instanceof AlreadyGenerating)) throw error;
    throw new Refusal(
      'ERROR.IMAGE.ALREADY_GENERATING',
      sentence`An image for ${targetFormat} is already being generated. Please wait until this generation is complete before relaunching.`,
      { parameters: [targetFormat], cause: error },
    );
  }
}

/** What is harmless but not as asked for stands at the top of the log. */
async function writeWarnings(forge: Forge, ticket: TicketRecord, warnings: readonly string[]): Promise<void> {
  await using log = new TicketLog(forge.data.log(ticket.id));
  log.line(`Image ${ticket.id}: ${ticket.targetFormat}, revision ${ticket.revision}`);
  for (const warning of warnings) log.line(`Warning: ${warning}`);
}
