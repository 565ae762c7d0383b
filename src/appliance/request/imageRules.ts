import type { Image, TypeName } from '../../uforge/dto.ts';
import { typeInfo } from '../../uforge/schema/table.ts';
import { exampleElement } from './examples.ts';
import { checkFormatName } from '../catalog/formatName.ts';
import type { Way, Finding, Range } from '../text/problem.ts';
import { isTimeZone, likelyTimeZone } from '../catalog/timeZones.ts';
import { didYouMean, replacement } from '../text/suggest.ts';
import { hasForgeLimits, type ServerKnowledge } from '../catalog/serverKnowledge.ts';
import { checkAccountName } from '../catalog/accountName.ts';
import { checkQuota } from '../catalog/usedUpQuota.ts';
import { parseKernelParameters } from '../catalog/kernelParameters.ts';
import { named } from '../template/model/path.ts';
import { limitsOfMemory, limitsOfSetup, limitsOfSizes } from '../template/rules/forgeLimits.ts';
import {
  hardwareTypeOf,
  hardwareTypes,
  targetFormatNamed,
  type TargetFormatFacts,
} from '../catalog/targetFormats.ts';
import { contentEdits, insertEdits } from '../xml/edits.ts';
import { childNamed, type XmlSource, type XmlElement } from '../xml/element.ts';
import { sentence, type Sentence } from '../../uforge/language/sentence.ts';

/** What a request is checked with beyond its own text. */
export interface RepresentationContext {
  /** The request may lack a target format: it comes from elsewhere. */
  readonly targetFormatGiven?: boolean;
  /** Names of the target formats the server has, where that is known. */
  readonly knownFormats?: readonly string[] | undefined;
  /** What else the server has. */
  readonly server?: ServerKnowledge | undefined;
}

/** More memory or disk than this in MB was meant in another unit: 1 PB. */
const implausibleMegabytes = 1024 ** 3;

/** What an example stands for only the person knows. */
const choice = true as const;

/** What the schema can't say about a request for an image. Source: machineImage_generate, hammr, FACTS on units. */
export function checkImageRequest(
  source: XmlSource,
  root: XmlElement,
  image: Image,
  { targetFormatGiven = false, server, knownFormats = server?.formats }: RepresentationContext,
): Finding[] {
  const rules = new ImageRules(source, root, image);
  rules.checkTargetFormat(targetFormatGiven, knownFormats);
  const facts = targetFormatNamed(image.targetFormat?.name ?? '');
  rules.checkUse(facts);
  rules.checkSizes();
  rules.checkTimeZone();
  if (facts !== undefined) rules.checkNeeds(facts);
  if (server !== undefined) rules.checkServer(facts, server);
  return rules.problems;
}

class ImageRules {
  readonly problems: Finding[] = [];
  readonly #source: XmlSource;
  readonly #root: XmlElement;
  readonly #image: Image;

  constructor(source: XmlSource, root: XmlElement, image: Image) {
    this.#source = source;
    this.#root = root;
    this.#image = image;
  }

  checkTargetFormat(given: boolean, known: readonly string[] | undefined): void {
    const element = childNamed(this.#root, 'targetFormat');
    const nameElement = element && childNamed(element, 'name');
    const name = this.#image.targetFormat?.name ?? '';
    if (name !== '' && nameElement !== undefined) {
      this.problems.push(...checkFormatName(name, nameElement.textRange, known));
    } else if (!given) {
      const message = sentence`The request has no target format. Add <targetFormat><name>VirtualBox</name></targetFormat>, for example.`;
      const range = (nameElement ?? element ?? this.#root).nameRange;
      const edits =
        nameElement !== undefined
          ? contentEdits(this.#source, nameElement, 'VirtualBox')
          : element !== undefined
            ? this.#insertion(element, 'TargetFormat', ['<name>VirtualBox</name>'])
            : this.#insertion(this.#root, 'Image', [
                '<targetFormat>',
                '  <name>VirtualBox</name>',
                '</targetFormat>',
              ]);
      this.#add('error', message, range, 'missing-target-format', {
        title: sentence`Build for VirtualBox`,
        edits,
        choice,
      });
    }
  }

  /** Whether the image can be used for what its format is for: a file to download, or one to publish. */
  checkUse(facts: TargetFormatFacts | undefined): void {
    const { simulated, compress } = this.#image;
    const isPublished = facts?.compress === false;
    if (simulated === true) {
      const message = sentence`This is a simulation: dependencies are checked, no image is made.`;
      this.#add('warning', message, this.#rangeOf('simulated'), 'simulated');
    } else if (isPublished && compress === true) {
      const use =
        facts.publishType === undefined
          ? sentence`booted from the server`
          : sentence`published to ${facts.platform ?? sentence`a cloud`}`;
      const message = sentence`Images for ${facts.name} are ${use}, which needs “compress” to be false.`;
      this.#add(
        'warning',
        message,
        this.#rangeOf('compress'),
        'compress-against-use',
        this.#compressFix(false),
      );
    } else if (!isPublished && compress !== true) {
      const message = sentence`An image that is not compressed can’t be downloaded. Set “compress” to true to get a file.`;
      this.#add('warning', message, this.#rangeOf('compress'), 'not-downloadable', this.#compressFix(true));
    }
  }

  checkSizes(): void {
    for (const name of ['memorySize', 'diskSize', 'swapSize'] as const) {
      const size = this.#image.installProfile?.[name];
      if (size === undefined) continue;
      const range = this.#rangeOf('installProfile', name);
      if (size < 0) this.#add('error', sentence`“${name}” must not be negative.`, range, 'bad-value');
      else if (size > implausibleMegabytes) {
        const message = sentence`“${name}” is in MB: ${String(size)} MB is hardly meant.`;
        this.#add('warning', message, range, 'implausible-size');
      }
    }
  }

  checkTimeZone(): void {
    const name = this.#image.installProfile?.timezone ?? '';
    if (name === '' || isTimeZone(name)) return;
    const range = this.#rangeOf('installProfile', 'timezone');
    const likely = likelyTimeZone(name);
    const message = sentence`“${name}” is no time zone.${didYouMean(likely)}`;
    const fix = likely === undefined ? undefined : { ...replacement(range, likely), choice };
    this.#add('error', message, range, 'bad-value', fix);
  }

  /** What this very target format asks for. */
  checkNeeds(facts: TargetFormatFacts): void {
    const { installProfile: profile, entrypoint, ebs, ebsVolumeSize } = this.#image;
    const formatRange = this.#rangeOf('targetFormat', 'name');
    if (facts.memory === true && profile?.memorySize === undefined) {
      const message = sentence`${facts.name} needs a memory size. Add “memorySize” (MB) to “installProfile”.`;
      const title = sentence`Add a “memorySize” of 1024 MB`;
      const fix = { title, edits: this.#profileEdits('memorySize'), choice };
      this.#add('warning', message, formatRange, 'missing-memory', fix);
    }
    if (facts.entrypoint === true && (entrypoint ?? '') === '') {
      const message = sentence`${facts.name} needs the command its container starts. Add “entrypoint”, for example ["/bin/sh"].`;
      this.#add('error', message, formatRange, 'missing-entrypoint', this.#addition('entrypoint'));
    }
    if (facts.ebs === true && (ebs !== true || ebsVolumeSize === undefined)) {
      const missing = ebs === true ? 'ebsVolumeSize' : 'ebs';
      const message = sentence`${facts.name} needs “ebs” set to true and the volume’s size in “ebsVolumeSize”.`;
      const has = childNamed(this.#root, missing) !== undefined;
      this.#add('warning', message, formatRange, 'missing-ebs', has ? undefined : this.#addition(missing));
    }
    const disks = profile?.partitionTable?.disks?.length ?? 0;
    if (facts.oneDisk === true && disks > 1) {
      const message = sentence`${facts.name} takes one disk only, and there are ${disks}. Remove the others.`;
      this.#add(
        'error',
        message,
        this.#rangeOf('installProfile', 'partitionTable', 'disks'),
        'too-many-disks',
      );
    }
    const hwType = profile?.hwType;
    if (hwType !== undefined && hardwareTypeOf(hwType) === undefined) {
      const message = sentence`“hwType” is a version of VMware’s virtual hardware: ${hardwareTypes.join(', ')}.`;
      this.#add('error', message, this.#rangeOf('installProfile', 'hwType'), 'bad-hardware-type');
    }
  }

  checkServer(facts: TargetFormatFacts | undefined, server: ServerKnowledge): void {
    this.#checkAccount(facts, server);
    // A simulation is not counted.
    if (this.#image.simulated !== true) this.problems.push(...checkQuota(server, this.#root.nameRange));
    if (hasForgeLimits(server)) this.#checkForgeLimits(facts);
  }

  /** What a forge refuses of a request whatever it is of; a template's own is said at the template. */
  #checkForgeLimits(facts: TargetFormatFacts | undefined): void {
    const { installProfile: profile = {}, entrypoint } = this.#image;
    const { seLinuxMode, kernelParameters = '', partitionTable } = profile;
    const megabytes = (size: bigint | number = 0): number | undefined => Number(size) || undefined;
    const [diskSize, swapSize] = [megabytes(profile.diskSize), megabytes(profile.swapSize)];
    const kernelParams = parseKernelParameters(kernelParameters);
    const limits = [
      ...limitsOfSetup({ seLinuxMode, kernelParams }),
      ...(partitionTable === undefined ? limitsOfSizes({ diskSize, swapSize }) : []),
      ...limitsOfMemory(megabytes(profile.memorySize)),
    ];
    for (const { at, says } of limits) {
      const [key = ''] = at;
      const name = { kernelParams: 'kernelParameters', memory: 'memorySize' }[String(key)] ?? String(key);
      const message = sentence`${named(['installProfile', name])} ${says}.`;
      this.#add('error', message, this.#rangeOf('installProfile', name), 'not-buildable');
    }
    if (entrypoint === undefined || facts === undefined || facts.entrypoint === true) return;
    const message = sentence`“entrypoint” is for Docker and OpenShift: what starts from ${facts.name} is a whole system. Remove it.`;
    this.#add('error', message, this.#rangeOf('entrypoint'), 'exclusive');
  }

  #checkAccount(facts: TargetFormatFacts | undefined, server: ServerKnowledge): void {
    const name = this.#image.credAccount?.name;
    if (name === undefined || server.accounts === undefined) return;
    const range = this.#rangeOf('credAccount', 'name');
    this.problems.push(...checkAccountName(name, range, server, facts?.platform));
  }

  #compressFix(value: boolean): Way {
    const element = childNamed(this.#root, 'compress');
    const edits =
      element === undefined
        ? this.#insertion(this.#root, 'Image', [`<compress>${value}</compress>`])
        : contentEdits(this.#source, element, String(value));
    return { title: sentence`Set “compress” to ${String(value)}`, edits };
  }

  #addition(name: string): Way | undefined {
    const field = typeInfo('Image').fields.get(name);
    if (field === undefined) return undefined;
    const edits = this.#insertion(this.#root, 'Image', exampleElement('Image', field));
    return { title: sentence`Add “${name}”`, edits, choice };
  }

  #profileEdits(name: string): Way['edits'] {
    const field = typeInfo('InstallProfile').fields.get(name);
    const lines = field === undefined ? [] : exampleElement('InstallProfile', field);
    const profile = childNamed(this.#root, 'installProfile');
    if (profile !== undefined) return this.#insertion(profile, 'InstallProfile', lines);
    const wrapped = ['<installProfile>', ...lines.map((line) => `  ${line}`), '</installProfile>'];
    return this.#insertion(this.#root, 'Image', wrapped);
  }

  #insertion(parent: XmlElement, type: TypeName, lines: readonly string[]): Way['edits'] {
    const name = /^<(\w+)/.exec(lines[0] ?? '')?.[1] ?? '';
    return insertEdits(this.#source, parent, [...typeInfo(type).fields.keys()], name, lines);
  }

  /** Of the value at the path, else of the name of the nearest element above it. */
  #rangeOf(...path: readonly string[]): Range {
    let element = this.#root;
    for (const name of path) {
      const child = childNamed(element, name);
      if (child === undefined) return element.nameRange;
      element = child;
    }
    return element.textRange;
  }

  #add(severity: Finding['severity'], message: Sentence, range: Range, code: string, fix?: Way): void {
    this.problems.push({ message, severity, range, code, ...(fix !== undefined && { fixes: [fix] }) });
  }
}
