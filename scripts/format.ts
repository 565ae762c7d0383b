// `npm run format`: writes every file as Prettier would, or the files that are named.
import { runGroup } from './lib/processGroup.ts';
import { runMain } from './lib/interruption.ts';
import { toolFile } from './lib/tool.ts';

await runMain((files, signal) =>
  runGroup(
    process.execPath,
    [toolFile('prettier'), '--write', '--log-level=warn', ...(files.length > 0 ? files : ['.'])],
    { signal },
  ),
);
