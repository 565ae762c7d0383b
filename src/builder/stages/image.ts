import type { Stage } from './stage.ts';
import type { BuildFacts } from './buildFacts.ts';

/** The format's own files, out of raw disks or a packed root. */
export function convertedFiles({ plan, format }: BuildFacts, source: Stage): Stage {
  const kept = format.kept?.(plan);
  const share = format.room(plan).convert;
  return {
    name: 'converted',
    title: 'convert',
    inputs: [source],
    ...(kept && { kept: { kind: 'diskFiles', label: kept.label }, options: kept.options }),
    measuredAs: kept === undefined ? `convert ${kindOf({ plan, format })}` : kept.label,
    room: (from) => from * share,
    async run({ inputs: [from = ''], into, sandbox, signal, report }) {
      await format.convert({ plan, from, into, sandbox, signal, report });
    },
  };
}

/** The image, in one file. */
export function packedImage({ plan, format }: BuildFacts, converted: Stage): Stage {
  const share = format.room(plan).pack;
  return {
    name: 'packed',
    title: 'compress',
    inputs: [converted],
    measuredAs: `compress ${kindOf({ plan, format })}`,
    room: (from) => from * share,
    async run({ inputs: [from = ''], into, sandbox, signal, report }) {
      await format.pack({ plan, from, into, sandbox, signal, report });
    },
  };
}

/** What the time of a format's steps is remembered by. */
export function kindOf({ plan, format }: Pick<BuildFacts, 'plan' | 'format'>): string {
  return `${format.info.imageFormat}${plan.compress ? '' : ' uncompressed'}`;
}
