import { stringify } from 'yaml';
import type { SystemName } from '../catalog/serverKnowledge.ts';
import { targetFormatNamed } from '../catalog/targetFormats.ts';
import type { Builder } from './model/template.ts';

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
export function builderFor({ targetFormat, memory, diskSize, entrypoint }: Machine): Builder {
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

/** `/bin/sh -c x` as `["/bin/sh","-c","x"]`; what is in exec form stays. */
function execForm(command: string): string {
  if (command.trim().startsWith('[')) return command.trim();
  return JSON.stringify(command.trim().split(/\s+/));
}
