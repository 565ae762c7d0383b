import * as z from 'zod';
import { publicationAnswer } from '../answers.ts';
import { tool } from '../tool.ts';

export const listPublications = tool({
  name: 'list_publications',
  title: 'List Publications',
  description:
    'Lists images that are being published or are published at a target platform, the newest first, with state, ' +
    'percentage, what the platform calls the image and, for those that failed, the reason.',
  effect: 'reads',
  input: z.strictObject({
    ticket: z.string().min(1).optional().describe('Only those of this image, as list_images names it.'),
    limit: z.int().min(1).max(200).default(20).describe('How many at most.'),
  }),
  async run({ ticket, limit }, { host, signal }) {
    await host.publishing.refresh(host.server(), signal);
    const found = host.publications
      .all()
      .filter(({ server, uri }) => ticket === undefined || `${server}/${uri}`.includes(`${ticket}/pimages/`))
      .toSorted((a, b) => b.created.localeCompare(a.created));
    return {
      total: found.length,
      publications: found.slice(0, limit).map((each) => publicationAnswer(each, host)),
    };
  },
});
