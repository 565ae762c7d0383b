import * as z from 'zod';
import { problemsInText } from '../../appliance/language/problemsInText.ts';
import { problemsOnServer } from '../../generate/askServer.ts';
import { InputError } from '../../generate/inputError.ts';
import { problemAnswer } from '../answers.ts';
import { tool } from '../tool.ts';

export const checkDefinition = tool({
  name: 'check_definition',
  title: 'Check Definition',
  description:
    'Checks an appliance definition: an image request (representation.xml) or a template (template.yml, template.yaml, ' +
    'template.json). Answers with every problem, its line and column, and the known fixes. Builds nothing, and asks the ' +
    'server only with on_server; use it after each change and before generate_image. Warnings do not keep an image from ' +
    'being built.',
  effect: 'reads',
  input: z.strictObject({
    file: z.string().min(1).describe('Path of the definition, absolute or relative to the workspace folder.'),
    on_server: z
      .boolean()
      .optional()
      .describe('Also ask the server in charge what it lacks or can’t build of it, and for the quota.'),
  }),
  async run({ file, on_server: isOnServer = false }, { host, signal }) {
    const path = host.pathOf(file);
    const text = await host.read(path);
    const sources = { workingFolder: host.workingFolder(path) };
    const check = async (): ReturnType<typeof problemsInText> => {
      if (!isOnServer) return problemsInText(path, text, sources);
      const server = host.server();
      const client = await host.clients(server, signal);
      return problemsOnServer(path, text, sources, { client, label: host.label(server), signal });
    };
    const problems = await check();
    if (problems === undefined) {
      throw new InputError(`${file} is neither a request (.xml) nor a template (.yml, .yaml, .json).`);
    }
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    return {
      file: path,
      can_be_built: errors === 0,
      errors,
      warnings: problems.length - errors,
      problems: problems.map(problemAnswer),
    };
  },
});
