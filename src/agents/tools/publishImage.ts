import * as z from 'zod';
import { builderIn } from '../../generate/publishRequest.ts';
import { publishWished } from '../../generate/publishUnattended.ts';
import { publicationAnswer, ticketNamed } from '../answers.ts';
import { tool } from '../tool.ts';

export const publishImage = tool({
  name: 'publish_image',
  title: 'Publish Image',
  description:
    'Registers a finished image at the platform its target format is for (AWS, OpenStack, a container registry …) and ' +
    'answers at once with the publication; the upload goes on. Account and values come from the builder of the ' +
    'template it was made of, and from here. What is missing is said, with what there is: call again with it. ' +
    'Call list_publications to see how it stands.',
  effect: 'publishes',
  input: z.strictObject({
    ticket: z.string().min(1).describe('The ticket of the image, as list_images names it.'),
    account: z.string().min(1).optional().describe('Name of a cloud account the server keeps.'),
    values: z
      .record(z.string(), z.string())
      .optional()
      .describe('Values by their names in the API, for example {"namespace": "shop", "tagName": "1.0"}.'),
  }),
  async run({ ticket: name, account, values }, call) {
    const { host, signal } = call;
    const ticket = await ticketNamed(name, call);
    const client = await host.clients(ticket.server, signal);
    const builder = await builderOf();
    const request = await publishWished(
      client,
      ticket,
      { account, builder, ...(values && { values }) },
      signal,
    );
    return publicationAnswer(await host.publishing.publish(ticket, request, signal), host);

    async function builderOf(): Promise<ReturnType<typeof builderIn>> {
      if (ticket.definition === undefined) return undefined;
      const file = host.pathOf(ticket.definition);
      const text = await host.read(file).catch(() => undefined);
      return text === undefined ? undefined : builderIn(file, text, ticket.targetFormat);
    }
  },
});
