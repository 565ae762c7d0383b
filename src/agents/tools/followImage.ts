import * as z from 'zod';
import { InputError } from '../../generate/inputError.ts';
import { untilFinal } from '../../tickets/untilFinal.ts';
import { ticketAnswer, ticketNamed } from '../answers.ts';
import { tool } from '../tool.ts';

export const followImage = tool({
  name: 'follow_image',
  title: 'Follow Image',
  description:
    'Waits until an image is done, failed or cancelled, at most wait_seconds, and answers with its ticket. When it is ' +
    'still running then, call again: a build takes minutes.',
  effect: 'reads',
  input: z.strictObject({
    ticket: z.string().min(1).describe('The ticket, as generate_image or list_images name it.'),
    wait_seconds: z
      .int()
      .min(0)
      .max(1800)
      .default(60)
      .describe('How long to wait at most, in seconds; 0 answers at once.'),
  }),
  async run({ ticket: name, wait_seconds: seconds }, call) {
    const { host, signal, report } = call;
    const ticket = await ticketNamed(name, call);
    const over = new AbortController();
    using _timer = host.clock.schedule(seconds * 1000, () => over.abort());
    try {
      const ended = await untilFinal(ticket, host.store, AbortSignal.any([signal, over.signal]), (current) =>
        report({ message: current.message || 'Waiting', percentage: current.percentage }),
      );
      if (ended === undefined) throw new InputError('Somebody has deleted this image on the server.');
      return ticketAnswer(ended, host);
    } catch (error) {
      if (signal.aborted || !over.signal.aborted) throw error;
      return ticketAnswer(host.store.get(ticket) ?? ticket, host);
    }
  },
});
