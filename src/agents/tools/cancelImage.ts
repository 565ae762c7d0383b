import * as z from 'zod';
import { InputError } from '../../generate/inputError.ts';
import { isFinal } from '../../tickets/state.ts';
import { ticketAnswer, ticketNamed } from '../answers.ts';
import { tool } from '../tool.ts';

export const cancelImage = tool({
  name: 'cancel_image',
  title: 'Cancel Image',
  description:
    'Stops the generation of an image that is waiting or running. What was built so far is lost; the ticket stays, ' +
    'as cancelled. An image that has ended meanwhile stays as it ended.',
  effect: 'cancels',
  input: z.strictObject({
    ticket: z.string().min(1).describe('The ticket, as generate_image or list_images name it.'),
  }),
  async run({ ticket: name }, call) {
    const { host, signal } = call;
    const ticket = await ticketNamed(name, call);
    if (isFinal(ticket.state)) {
      throw new InputError(
        `This image is not being generated: it is ${ticket.state}. There is nothing to cancel.`,
      );
    }
    const ended = await host.service.cancel(ticket, signal);
    if (ended === undefined) throw new InputError('Somebody has deleted this image on the server.');
    return ticketAnswer(ended, host);
  },
});
