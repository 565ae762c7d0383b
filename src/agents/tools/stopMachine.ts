import * as z from 'zod';
import { tool } from '../tool.ts';

export const stopMachine = tool({
  name: 'stop_machine',
  title: 'Stop Machine',
  description: 'Ends a machine that start_image has started, at once. What was written in it is gone.',
  effect: 'cancels',
  input: z.strictObject({
    machine: z.string().min(1).describe('The machine, as start_image names it.'),
  }),
  async run({ machine }, { host }) {
    await host.machines.stop(machine);
    return { machine, stopped: true };
  },
});
