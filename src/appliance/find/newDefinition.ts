import { stringify } from 'yaml';
import { encodeXml } from '../../uforge/codec/codec.ts';
import type { Image } from '../../uforge/dto.ts';
import { formatXml } from '../language/formatXml.ts';
import { requestFromTemplate } from '../request/fromTemplate.ts';
import type { SystemName } from '../request/serverKnowledge.ts';
import { targetFormatNamed } from '../catalog/targetFormats.ts';
import type { Builder } from '../template/model/template.ts';

/** What a person said about a machine; sizes in MB. */
export interface Machine {
  readonly targetFormat: string;
  readonly memory?: number | undefined;
  /** Of the volume, where the target format needs to know it. */
  readonly diskSize?: number | undefined;
  /** The command a container starts, as the shell would write it or in exec form. */
  readonly entrypoint?: string | undefined;
}

/** Sizes and the command to start with, where a person says nothing. */
export const usualMachine = { memory: 1024, diskSize: 8192, entrypoint: '/bin/sh' } as const;

/** A request for an image of that machine: without a problem, in the schema's order. */
export function newRequest(machine: Machine): string {
  const image = requestFor(machine);
  const text = encodeXml('image', image);
  return `${(formatXml(text, '  ') ?? text).trimEnd()}\n`;
}

export interface NewAppliance {
  readonly name: string;
  readonly version: string;
  readonly system: SystemName;
  readonly profile: string;
  readonly packages: readonly string[];
  readonly machines: readonly Machine[];
}

/** A template in YAML, without a problem. */
export function newTemplate({ name, version, system, profile, packages, machines }: NewAppliance): string {
  const template = {
    stack: {
      name,
      version,
      os: {
        name: system.name,
        version: system.version,
        arch: system.arch,
        profile,
        ...(packages.length > 0 && { pkgs: packages.map((each) => ({ name: each })) }),
      },
    },
    builders: machines.map(builderFor),
  };
  return stringify(template, { lineWidth: 0, singleQuote: true });
}

/** A template's builder for a machine, with everything its target format needs. */
function builderFor({ targetFormat, memory, diskSize, entrypoint }: Machine): Builder {
  const facts = targetFormatNamed(targetFormat);
  const size = memory ?? (facts?.memory === true ? usualMachine.memory : undefined);
  const disk = diskSize ?? (facts?.ebs === true ? usualMachine.diskSize : undefined);
  const command = entrypoint ?? (facts?.entrypoint === true ? usualMachine.entrypoint : undefined);
  return {
    type: targetFormat,
    ...(size !== undefined && { hardwareSettings: { memory: size } }),
    ...(disk !== undefined && { installation: { diskSize: disk } }),
    ...(command !== undefined && { entrypoint: execForm(command) }),
  };
}

/** As a template with that builder would be sent. */
function requestFor(machine: Machine): Image {
  const { entrypoint, ...builder } = builderFor(machine);
  const os = { name: '', version: '', arch: '' };
  const image = requestFromTemplate({
    stack: { name: '', version: '', os },
    builders: [{ ...builder, ...(entrypoint !== undefined && { entrypoint }) }],
  });
  const { installProfile = {}, ...rest } = image;
  return Object.keys(installProfile).length === 0 ? rest : { ...rest, installProfile };
}

/** `/bin/sh -c x` as `["/bin/sh","-c","x"]`; what is in exec form stays. */
function execForm(command: string): string {
  if (command.trim().startsWith('[')) return command.trim();
  return JSON.stringify(command.trim().split(/\s+/));
}
