// `npm test`: all layers, the cheapest first; the first red one ends it.
import { runMain } from './lib/interruption.ts';
import { e2e } from './layers/e2e.ts';
import { forge } from './layers/forge.ts';
import { host } from './layers/host.ts';
import { isGreen, summaryLine, type Layer } from './layers/layer.ts';
import { lint } from './layers/lint.ts';
import { unit } from './layers/unit.ts';

const layers: Record<string, Layer> = { lint, unit, forge, host, e2e };

await runMain(async (_args, signal) => {
  const lines: string[] = [];
  let green = true;
  for (const [name, layer] of Object.entries(layers)) {
    if (!green) {
      lines.push(`${name}: not run`);
      continue;
    }
    console.log(`\n── ${name} ──`);
    const started = performance.now();
    const result = await layer([], signal);
    signal.throwIfAborted();
    green = isGreen(result);
    lines.push(`${summaryLine(name, result)} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  }
  console.log(`\n── summary ──\n${lines.join('\n')}\n${green ? 'All green.' : 'Red.'}`);
  return green ? 0 : 1;
});
