import * as z from 'zod';
import { formatProblem } from '../../appliance/text/problem.ts';
import { requestImage } from '../../generate/unattended.ts';
import { ticketAnswer } from '../answers.ts';
import { tool } from '../tool.ts';

export const generateImage = tool({
  name: 'generate_image',
  title: 'Generate Image',
  description:
    'Starts building a machine image from a definition (representation.xml, or a template with builders) and answers ' +
    'at once with its ticket; the build goes on for minutes. Call follow_image with the ticket to wait for it. A ' +
    'definition with errors is refused with the list of them: mend them and call again.',
  effect: 'builds',
  input: z.strictObject({
    file: z.string().min(1).describe('Path of the definition, absolute or relative to the workspace folder.'),
    target_format: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Name of a target format as list_formats has it, for example QCOW2. Needed for a template with several ' +
          'builders or none; overrides the format of a request.',
      ),
    replace: z
      .boolean()
      .optional()
      .describe(
        'Replace an appliance of the same name and version on the server that was not pushed from here. Only with ' +
          'the user’s consent.',
      ),
  }),
  async run({ file, target_format: format, replace }, { host, signal, report }) {
    const warnings: string[] = [];
    const ticket = await requestImage(host, host.pathOf(file), {
      format,
      replace,
      signal,
      onPrepared: (found) =>
        void warnings.push(...found.map((each) => formatProblem(each.problem, each.file))),
      onStep: (step) => {
        if (step.kind === 'pushing') report(step);
        if (step.kind === 'leftOut')
          warnings.push(...step.problems.map((each) => formatProblem(each, step.file)));
      },
    });
    return { ...ticketAnswer(ticket, host), ...(warnings.length > 0 && { warnings }) };
  },
});
