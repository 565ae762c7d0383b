// A process that builds the appliance with every option and says who it was and what came out: node
// buildEverything.ts FOLDER
import { startBuild } from './builds.ts';
import { everything } from './everythingTemplate.ts';

const [folder = ''] = process.argv.slice(2);
const image = { compress: true, targetFormat: { name: 'QCOW2' } };
const { artifact, log } = await startBuild(folder, await everything(folder), image);
try {
  const { sha256 } = await artifact;
  process.stdout.write(JSON.stringify({ uid: process.getuid?.(), sha256 }));
} catch (error) {
  process.stderr.write(`${log.slice(-20).join('\n')}\n${String(error)}\n`);
  process.exitCode = 1;
}
