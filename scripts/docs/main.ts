// `npm run docs`: makes the pages in docs/ that are made of the code.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { operationsPage, operationsPagePath } from './operationsPage.ts';
import { runMain } from '../lib/interruption.ts';
import { root } from '../lib/root.ts';

await runMain(async () => {
  await writeFile(join(root, operationsPagePath), await operationsPage());
  console.log(`${operationsPagePath} is made.`);
  return 0;
});
