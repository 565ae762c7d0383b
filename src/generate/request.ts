import { knownTargetFormat, withTargetFormat } from '../appliance/request/fromTemplate.ts';
import type { Ticket } from '../tickets/ticket.ts';
import type { UForgeClient } from '../uforge/client/client.ts';
import type { Image } from '../uforge/dto.ts';
import type { GenerateHost, Target } from './host.ts';
import { push } from './push.ts';
import type { Resolved } from './resolve.ts';

/** What is refused keeps no other from being built. Neither tickets nor failures: somebody said no. */
export interface Requested {
  readonly tickets: readonly Ticket[];
  readonly failures: readonly unknown[];
}

/**
 * Asks a server for images: target formats it does not have are refused before anything is sent, then the
 * template is pushed when the server lacks it or it has changed.
 * @throws {PushConflict}, {UForgeError}, the signal's reason, or what the host throws
 */
export async function request(
  { images, appliance: found }: Resolved,
  host: GenerateHost,
  target: Target,
): Promise<Requested> {
  const { service, server, definition, signal } = target;
  const client = await target.clients(server, signal);
  const names = await targetFormatsOn(client, signal);
  const tickets: Ticket[] = [];
  const failures: unknown[] = [];
  const known = images.flatMap((image) => {
    try {
      return [spelt(image, names)];
    } catch (error) {
      failures.push(error);
      return [];
    }
  });
  if (known.length === 0) return { tickets, failures };
  const appliance = 'uri' in found ? found : await push(found, client, host, target);
  if (!((await host.mayRequest?.(known, client)) ?? true)) return { tickets, failures };
  host.onStep?.({ kind: 'requesting' });
  for (const image of known) {
    try {
      tickets.push(await service.generate({ server, appliance, image, definition, signal }));
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(error);
    }
  }
  return { tickets, failures };
}

/** The names of the target formats a server builds for. */
export async function targetFormatsOn(
  client: UForgeClient,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { targetFormats } = await client.userTargetFormat_getAll({}, { signal });
  return targetFormats.filter(({ active }) => active !== false).flatMap(({ name = '' }) => name || []);
}

/** As the server spells it. @throws {BuilderChoiceError} for a target format it does not have */
function spelt(image: Image, names: readonly string[]): Image {
  const asked = image.targetFormat?.name ?? '';
  const name = knownTargetFormat(asked, names);
  return name === asked ? image : withTargetFormat(image, name);
}
