import * as z from 'zod';
import { InputError } from '../../generate/inputError.ts';
import { imageIds } from '../../tickets/ticket.ts';
import { ticketAnswer, ticketNamed } from '../answers.ts';
import { readFailure } from '../failureLog.ts';
import { tool } from '../tool.ts';

export const explainFailure = tool({
  name: 'explain_failure',
  title: 'Explain Failure',
  description:
    'Says why an image failed: the reason, the stage it failed in, the lines of the log that look like the cause and ' +
    'the last lines before the end, with what usually helps. For failed images only.',
  effect: 'reads',
  input: z.strictObject({
    ticket: z.string().min(1).describe('The ticket of an image that failed.'),
    lines: z.int().min(10).max(400).default(40).describe('How many of the last lines of the log to answer.'),
  }),
  async run({ ticket: name, lines }, call) {
    const { host, signal } = call;
    const ticket = await ticketNamed(name, call);
    if (ticket.state !== 'failed') {
      throw new InputError(
        `This image has not failed: it is ${ticket.state}. Logs are read for failures only.`,
      );
    }
    const client = await host.clients(ticket.server, signal);
    const log = await client.imageLog(imageIds(ticket), { signal });
    return {
      ...ticketAnswer(ticket, host),
      reason: ticket.errorMessage ?? ticket.message,
      ...(ticket.detail !== undefined && { detail: ticket.detail }),
      ...readFailure(log, `${ticket.errorMessage ?? ''}\n${ticket.detail ?? ''}`, lines),
    };
  },
});
