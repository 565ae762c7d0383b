import * as z from 'zod';
import { InputError } from '../../generate/inputError.ts';
import { imageInput, imageNamed } from '../imageNamed.ts';
import { tool } from '../tool.ts';

const lastCharacters = 2000;

export const testImage = tool({
  name: 'test_image',
  title: 'Test Image',
  description:
    'Starts the file of a finished image in a machine of its own and makes the checks that its template lists in “tests”: ' +
    'console, commands, ports, HTTP, files, packages, services. Answers with each of them, and with output and console of ' +
    'those that have not passed. It takes minutes. Mend the template, build again and test again.',
  effect: 'runs',
  input: z.strictObject(imageInput),
  async run(names, { host, signal, report }) {
    const machines = await import('../../machines/index.ts');
    const { image, template } = await imageNamed(names, host);
    const { tests = [] } = template ?? {};
    if (template === undefined || tests.length === 0)
      throw new InputError(`No template of ${names.file} has “tests”. Name it, or add tests to it.`);
    const { outcomes } = await machines.testImage(image, template, {
      ...{ clock: host.clock, signal },
      progress: (said) => report({ message: said.toString(), percentage: 0 }),
      onOutcome: ({ index, name, state }) =>
        report({ message: `${state}: ${name}`, percentage: ((index + 1) / tests.length) * 100 }),
    });
    return {
      good: machines.isGood(outcomes),
      passed: outcomes.filter(({ state }) => state === 'passed').length,
      total: tests.length,
      checks: outcomes.map(({ name, state, said, output, console = '' }) => ({
        ...{ name, state, message: said.toString() },
        ...(state !== 'passed' && {
          output: output.slice(-lastCharacters),
          console: console.slice(-lastCharacters),
        }),
      })),
    };
  },
});
