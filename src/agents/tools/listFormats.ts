import * as z from 'zod';
import { targetFormatNamed } from '../../appliance/catalog/targetFormats.ts';
import { tool } from '../tool.ts';

export const listFormats = tool({
  name: 'list_formats',
  title: 'List Target Formats',
  description:
    'Lists the target formats the server can build for this user, with their exact names (for target_format, a ' +
    'request’s targetFormat/name and a template builder’s type) and what a request for them needs.',
  effect: 'reads',
  input: z.strictObject({}),
  async run(_input, { host, signal }) {
    const server = host.server();
    const client = await host.clients(server, signal);
    const { targetFormats } = await client.userTargetFormat_getAll({}, { signal });
    const active = targetFormats.filter(({ active }) => active !== false);
    const formats = active.map(({ name = '', format, category }) => {
      const facts = targetFormatNamed(name);
      return {
        name,
        image_format: format?.name ?? facts?.imageFormat ?? '',
        category: category?.name ?? facts?.category ?? '',
        ...(facts && {
          needs_memory: facts.memory ?? false,
          needs_entrypoint: facts.entrypoint ?? false,
          made_for: facts.compress ? 'downloading' : 'publishing',
        }),
      };
    });
    return { server: host.label(server), formats };
  },
});
