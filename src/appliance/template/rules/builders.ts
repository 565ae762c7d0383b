import { checkFormatName } from '../../catalog/formatName.ts';
import type { Way, Finding, Range } from '../../text/problem.ts';
import {
  hardwareTypeOf,
  hardwareTypes,
  targetFormatNamed,
  type TargetFormatFacts,
} from '../../catalog/targetFormats.ts';
import type { Builder, Stack, Template } from '../model/template.ts';
import type { TemplatePath, TemplatePlaces } from '../model/path.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';

type Add = (
  severity: Finding['severity'],
  path: TemplatePath,
  message: Sentence,
  code: string,
  fix?: Way,
) => void;

/** Smallest memory Windows starts with, in MB. */
const windowsMemory = 512;

/** What a template's builders ask of their target formats. Source: the facts of `targetFormats`. */
export function checkBuilders(
  { stack, builders = [] }: Template,
  { rangeAt, additionAt }: TemplatePlaces,
  quote: (range: Range, value: string) => string,
  knownFormats: readonly string[] | undefined,
): Finding[] {
  const problems: Finding[] = [];
  const add: Add = (severity, path, message, code, fix) => {
    problems.push({ severity, message, code, range: rangeAt(path), ...(fix && { fixes: [fix] }) });
  };
  builders.forEach((builder, index) => {
    const path = ['builders', index];
    const range = rangeAt([...path, 'type']);
    const quoted = (name: string): string => quote(range, name);
    problems.push(...checkFormatName(builder.type, range, knownFormats, quoted));
    const facts = targetFormatNamed(builder.type);
    if (facts === undefined) return;
    checkHardware(builder, stack, facts, path, add, additionAt);
    checkSystem(stack, facts, path, add);
  });
  return problems;
}

function checkHardware(
  builder: Builder,
  stack: Stack,
  facts: TargetFormatFacts,
  path: TemplatePath,
  add: Add,
  additionAt: TemplatePlaces['additionAt'],
): void {
  const type = [...path, 'type'];
  const { hardwareSettings: hardware, entrypoint } = builder;
  const memory = hardware?.memory;
  if (facts.memory === true && memory === undefined) {
    const message = sentence`${facts.name} needs a memory size. Add “hardwareSettings” with “memory” (MB).`;
    const fix =
      hardware === undefined
        ? additionAt(path, 'hardwareSettings')
        : additionAt([...path, 'hardwareSettings'], 'memory');
    add('warning', type, message, 'missing-memory', fix);
  }
  if (memory !== undefined && memory < windowsMemory && isWindows(stack)) {
    const message = sentence`Windows needs at least ${windowsMemory} MB of memory, not ${memory}.`;
    add('error', [...path, 'hardwareSettings', 'memory'], message, 'too-little-memory');
  }
  const isCommand = typeof entrypoint === 'string' || isListOfTexts(entrypoint);
  if (entrypoint !== undefined && !isCommand) {
    const message = sentence`“entrypoint” is a command: a text, or a list of texts such as ["/usr/sbin/nginx", "-g", "daemon off;"].`;
    add('error', [...path, 'entrypoint'], message, 'wrong-type');
  } else if (entrypoint !== undefined && facts.entrypoint !== true) {
    const message = sentence`“entrypoint” is for Docker and OpenShift: what starts from ${facts.name} is a whole system. Remove it.`;
    add('error', [...path, 'entrypoint'], message, 'exclusive');
  }
  if (facts.entrypoint === true && (entrypoint === undefined || entrypoint === '')) {
    const message = sentence`${facts.name} needs the command its container starts. Add “entrypoint”.`;
    const fix = entrypoint === undefined ? additionAt(path, 'entrypoint') : undefined;
    add('error', type, message, 'missing-entrypoint', fix);
  }
  const diskSize = builder.installation?.diskSize ?? stack.installation?.diskSize;
  if (facts.ebs === true && diskSize === undefined) {
    const message = sentence`${facts.name} needs the size of its volume. Add “installation” with “diskSize” (MB).`;
    const fix =
      builder.installation === undefined
        ? additionAt(path, 'installation')
        : additionAt([...path, 'installation'], 'diskSize');
    add('warning', type, message, 'missing-disk-size', fix);
  }
  const hwType = hardware?.hwType;
  if (hwType !== undefined && hardwareTypeOf(hwType) === undefined) {
    const message = sentence`“hwType” is a version of VMware’s virtual hardware: ${hardwareTypes.join(', ')}.`;
    add('error', [...path, 'hardwareSettings', 'hwType'], message, 'bad-hardware-type');
  }
}

function checkSystem(stack: Stack, facts: TargetFormatFacts, path: TemplatePath, add: Add): void {
  const type = [...path, 'type'];
  const { os } = stack;
  if (facts.noWindows === true && isWindows(stack)) {
    add('error', type, sentence`There are no Windows images for ${facts.name}.`, 'wrong-system');
  }
  if (facts.only64Bit === true && /^i[3-6]86$/.test(os.arch)) {
    add(
      'error',
      type,
      sentence`${facts.name} takes no 32-bit systems, and this is ${os.arch}.`,
      'wrong-system',
    );
  }
  if (facts.onlyCentOs === true && !/^(?:centos|debian)$/i.test(os.name)) {
    add(
      'error',
      type,
      sentence`${facts.name} images are made of CentOS, by the local forge of Debian, and this is ${os.name}.`,
      'wrong-system',
    );
  }
  const disks = stack.installation?.partitioning?.disks?.length ?? 0;
  if (facts.oneDisk === true && disks > 1) {
    add(
      'error',
      type,
      sentence`${facts.name} takes one disk only, and “partitioning” has ${disks}.`,
      'too-many-disks',
    );
  }
}

/** Numbers are as good as texts in a command: `[sleep, 60]`. */
function isListOfTexts(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((part) => ['string', 'number'].includes(typeof part))
  );
}

function isWindows({ os }: Stack): boolean {
  return os.windowsEdition !== undefined || /windows/i.test(os.name);
}
