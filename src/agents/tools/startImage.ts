import * as z from 'zod';
import { imageInput, imageNamed } from '../imageNamed.ts';
import { tool } from '../tool.ts';

/** What a machine says that is up. */
const prompt = /\S login: |\w+@\S+[#$] $/;
const lastCharacters = 3000;

export const startImage = tool({
  name: 'start_image',
  title: 'Start Image',
  description:
    'Starts the file of a finished image on this computer, in QEMU, and answers with the machine, its ports and what its ' +
    'console says. The image itself stays as it is. Call run_in_machine to look around in it, and stop_machine when you ' +
    'are done. `up` is false when the machine has not asked for a login within the time; it goes on starting.',
  effect: 'runs',
  input: z.strictObject({
    ...imageInput,
    wait_seconds: z
      .number()
      .int()
      .min(0)
      .max(900)
      .default(120)
      .describe('How long to wait for its login prompt.'),
  }),
  async run({ wait_seconds: seconds, ...names }, { host, signal, report }) {
    const { loginOf, MachineError } = await import('../../machines/index.ts');
    const { image, template } = await imageNamed(names, host);
    const progress = (message: string): void => report({ message, percentage: 0 });
    const machine = await host.machines.start(image, template && loginOf(template), { signal, progress });
    report({ message: 'Waiting for its login prompt', percentage: 50 });
    const up = await machine.console.until(prompt, { timeoutMs: seconds * 1000, signal }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof MachineError && error.kind === 'timeUp') return false;
        throw error;
      },
    );
    const { id, accelerator, memoryMb, ports, console } = machine;
    const next = 'Call run_in_machine with the machine, and stop_machine when you are done.';
    return {
      ...{ machine: id, up, accelerator, memory_mb: memoryMb, target_format: image.targetFormat },
      ports: ports.map(({ guest, host: here }) => ({ machine: guest, this_computer: `127.0.0.1:${here}` })),
      ...{ console: console.text.slice(-lastCharacters), next },
    };
  },
});
