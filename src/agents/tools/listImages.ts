import * as z from 'zod';
import { ticketStates } from '../../tickets/state.ts';
import { ticketAnswer } from '../answers.ts';
import { tool } from '../tool.ts';

export const listImages = tool({
  name: 'list_images',
  title: 'List Images',
  description:
    'Lists image tickets (images being built or built), the newest first, with state, percentage, stage and, for ' +
    'those that failed, the reason. States: waiting, running, done, failed, cancelled.',
  effect: 'reads',
  input: z.strictObject({
    state: z.enum(ticketStates).optional().describe('Only tickets in this state.'),
    appliance: z
      .string()
      .min(1)
      .optional()
      .describe('Only tickets whose appliance has this text in its name.'),
    limit: z.int().min(1).max(200).default(20).describe('How many at most.'),
  }),
  async run({ state, appliance, limit }, { host, signal }) {
    const server = host.server();
    // What is known stays worth telling when the server can't be reached.
    const note = await host.service.refresh(server, signal).then(
      () => undefined,
      (error: unknown) => {
        signal.throwIfAborted();
        const why = error instanceof Error ? error.message : String(error);
        return `${host.label(server)} could not be asked, this is what was known before: ${why}`;
      },
    );
    const wanted = appliance?.toLowerCase() ?? '';
    const found = host.store
      .all()
      .filter((ticket) => state === undefined || ticket.state === state)
      .filter((ticket) => ticket.applianceName.toLowerCase().includes(wanted))
      .toSorted((a, b) => b.created.localeCompare(a.created));
    return {
      total: found.length,
      images: found.slice(0, limit).map((ticket) => ticketAnswer(ticket, host)),
      ...(note !== undefined && { note }),
    };
  },
});
