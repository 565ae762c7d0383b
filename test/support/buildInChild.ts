// A process that does nothing but build examples/nginx, for tests that kill it: node buildInChild.ts FOLDER
import { exampleNeverBuilt, startBuild } from './builds.ts';

const [folder = ''] = process.argv.slice(2);
const image = { compress: true, targetFormat: { name: 'QCOW2' } };
const { artifact } = await startBuild(folder, await exampleNeverBuilt('nginx'), image, {
  onProgress: (step) => process.stdout.write(`${step.stage}\n`),
});
await artifact;
