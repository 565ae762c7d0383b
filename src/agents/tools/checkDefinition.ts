import * as z from 'zod';
import { problemsInText } from '../../appliance/language/problemsInText.ts';
import { InputError } from '../../generate/inputError.ts';
import { problemAnswer } from '../answers.ts';
import { tool } from '../tool.ts';

export const checkDefinition = tool({
  name: 'check_definition',
  title: 'Check Definition',
  description:
    'Checks an appliance definition: an image request (representation.xml) or a template (template.yml, template.yaml, ' +
    'template.json). Answers with every problem, its line and column, and the known fixes. Asks no server and builds ' +
    'nothing; use it after each change and before generate_image. Warnings do not keep an image from being built.',
  effect: 'reads',
  input: z.strictObject({
    file: z.string().min(1).describe('Path of the definition, absolute or relative to the workspace folder.'),
  }),
  async run({ file }, { host }) {
    const path = host.pathOf(file);
    const problems = await problemsInText(path, await host.read(path), {
      workingFolder: host.workingFolder(path),
    });
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
