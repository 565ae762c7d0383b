// Starts an image in a process of its own, to be killed: says on standard output which machine it is.
import { startMachine } from '../../src/machines/index.ts';

const [path = '', targetFormat = ''] = process.argv.slice(2);
const { id, screen } = await startMachine({ path, targetFormat });
process.stdout.write(`${JSON.stringify({ id, screen })}\n`);
