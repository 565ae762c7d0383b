import * as z from 'zod';
import { InputError } from '../../generate/inputError.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import type { Dto } from '../../uforge/dto.ts';
import { quoteFiql } from '../../uforge/fiql.ts';
import { tool } from '../tool.ts';
import { messageOf } from '../../uforge/messageOf.ts';

type Distribution = Dto<'Distribution'>;

export const searchPackages = tool({
  name: 'search_packages',
  title: 'Search Packages',
  description:
    'Searches the packages of the distributions the server builds images of, by a part of their name. Use the names ' +
    'it answers in a template’s stack.os.pkgs. A repository such as bookworm/non-free-firmware or bookworm-backports/main ' +
    'has to be asked for there: components: [non-free-firmware], backports: true. Without a text it only lists the ' +
    'distributions.',
  effect: 'reads',
  input: z.strictObject({
    text: z.string().min(2).optional().describe('Part of a package’s name, for example nginx.'),
    distribution: z.string().min(1).optional().describe('Name of the distribution, for example Debian.'),
    version: z.string().min(1).optional().describe('Version of the distribution, for example 12.'),
    limit: z.int().min(1).max(200).default(30).describe('How many packages of each distribution at most.'),
  }),
  async run({ text, distribution, version, limit }, { host, signal }) {
    const server = host.server();
    const client = await host.clients(server, signal);
    const { distributions } = await client.os_getAll({}, { signal });
    const fitting = distributions.filter(
      (each) =>
        (distribution === undefined || each.name?.toLowerCase() === distribution.toLowerCase()) &&
        (version === undefined || each.version === version),
    );
    if (fitting.length === 0) {
      const all = distributions.map(({ name, version: of }) => `${name ?? ''} ${of ?? ''}`.trim()).join(', ');
      throw new InputError(`${host.label(server)} has no such distribution. It has: ${all || 'none'}.`);
    }
    const answers = await Promise.all(fitting.map((each) => packagesOf(each, text, limit, client, signal)));
    return { server: host.label(server), distributions: answers };
  },
});

async function packagesOf(
  { dbId, name, version, arch }: Distribution,
  text: string | undefined,
  limit: number,
  client: UForgeClient,
  signal: AbortSignal,
): Promise<object> {
  const distribution = { name, version, arch };
  if (text === undefined || dbId === undefined) return distribution;
  try {
    const params = { id: dbId, query: `name==*${quoteFiql(text)}*`, latestOnly: true, count: limit };
    const { pkgs = [] } = await client.osPkg_getAll(params, { signal });
    const exactFirst = pkgs.toSorted((a, b) => Number(b.name === text) - Number(a.name === text));
    const packages = exactFirst
      .slice(0, limit)
      .map(({ name: called, version: newest, size, repositoryName: repository }) => ({
        ...{ name: called, version: newest, size: Number(size ?? 0) },
        ...(repository !== undefined && { repository }),
      }));
    return { ...distribution, packages };
  } catch (error) {
    signal.throwIfAborted();
    // One distribution that can't be searched keeps no other from being.
    return { ...distribution, error: messageOf(error) };
  }
}
