import { orderedBootScripts } from './bootScripts.ts';
import { textFile, type RootOption } from './part.ts';
import { containerStart, runBootScript } from './runBootScript.ts';
import { makeSecrets } from './secrets.ts';
import { hasVolatile, putVolatileBack } from './volatile.ts';

/** Where nothing boots: what the first units of a machine do, then the boot scripts, then the entrypoint. */
export const startOfContainer: RootOption = (plan) => {
  if (plan.entrypoint === undefined) return {};
  const scripts = orderedBootScripts(plan.bootScripts).map(
    ({ unit, frequency, timeLimit }) =>
      `  ${runBootScript} ${unit} ${frequency} ${timeLimit} < /dev/null >&2\n`,
  );
  const content = `#!/bin/sh
# What a machine does at its boot; then the entrypoint. Written by Appliance Forge.
if [ "$(id -u)" = 0 ]; then
  export HOME="\${HOME:-/root}"
  ${makeSecrets} >&2
${hasVolatile(plan) ? `  ${putVolatileBack}\n` : ''}${scripts.join('')}fi
exec "$@"
`;
  return { files: [textFile(containerStart, content, 0o755)] };
};
