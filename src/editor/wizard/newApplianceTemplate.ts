import * as vscode from 'vscode';
import { debianReleases } from '../../appliance/catalog/debianReleases.ts';
import { targetFormatNamed } from '../../appliance/catalog/targetFormats.ts';
import { newTemplate } from '../../appliance/template/newTemplate.ts';
import { lackingFor } from '../../appliance/catalog/packageRepositories.ts';
import type { KnownDistribution } from '../../appliance/catalog/serverKnowledge.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { ErrorReporter } from '../errors.ts';
import { withProgress } from '../progress.ts';
import type { Knowledge } from '../server/knowledge.ts';
import { documentedFormats, formatChoices, machineSteps, type MachineAnswers } from './machineSteps.ts';
import { create, fileStep, folderFor, type NewFile } from './newFile.ts';
import { askPackages } from './packageSearch.ts';
import { askPick, askPicks, askText, kept, runSteps, type Choice, type Step } from './steps.ts';

/** What to build of when no server says what it has. */
const usualSystems: readonly KnownDistribution[] = debianReleases.map(({ version }) => {
  return { id: '', name: 'Debian', version, arch: 'x86_64' };
});
const usualProfile = 'Minimal';

export interface TemplateWizard {
  readonly knowledge: Knowledge;
  readonly clock: Clock;
  readonly errors: ErrorReporter;
}

/**
 * Asks for an appliance's name, system, packages and target formats, and writes the template. The server is
 * asked what it has; without one the questions are the same. Resolves with the new file, or with nothing when
 * the person changed their mind.
 */
export async function newApplianceTemplate(
  argument: unknown,
  { knowledge, clock, errors }: TemplateWizard,
): Promise<vscode.Uri | undefined> {
  const title = vscode.l10n.t('New Appliance Template');
  const file: NewFile = { folder: await folderFor(argument), path: '' };
  const known = await withProgress(title, async (report, signal) => {
    report({ message: vscode.l10n.t('asking the server what it has') });
    // Offline the same questions can be asked.
    return knowledge.ask(signal).catch((error: unknown) => {
      signal.throwIfAborted();
      errors.note('Asking what the server has', error);
      return undefined;
    });
  });
  if (known.kind === 'cancelled') return undefined;
  const { distributions, formats = documentedFormats } = known.value ?? {};
  const systems = distributions !== undefined && distributions.length > 0 ? distributions : usualSystems;
  const appliance = {
    name: '',
    version: '1.0',
    system: systems[0],
    profile: usualProfile,
    packages: [] as readonly string[],
    formats: formats.includes('VirtualBox') ? ['VirtualBox'] : formats.slice(0, 1),
  };
  const answers: MachineAnswers = {};
  const finished = await runSteps(title, [
    ...nameSteps(appliance),
    async (place) => {
      const answer = await askPick<KnownDistribution>(place, {
        placeholder: vscode.l10n.t('Operating system'),
        choices: systems.map(systemChoice),
        isActive: (system) => system === appliance.system,
      });
      return kept(answer, (system) => (appliance.system = system));
    },
    async (place) => {
      const profiles = await profilesOf(appliance.system, knowledge);
      if (profiles.length === 0) return 'skipped';
      if (!profiles.includes(appliance.profile)) appliance.profile = profiles[0] ?? usualProfile;
      if (profiles.length === 1) return 'skipped';
      const answer = await askPick(place, {
        placeholder: vscode.l10n.t('Set of packages the system starts with'),
        choices: profiles.map((label) => ({ label, value: label })),
        isActive: (profile) => profile === appliance.profile,
      });
      return kept(answer, (profile) => (appliance.profile = profile));
    },
    async (place) => {
      const { system } = appliance;
      const search = async (text: string, signal: AbortSignal) => {
        if (system === undefined || system.id === '') throw new Error(vscode.l10n.t('no server is there.'));
        // A new template looks in `main` only.
        const found = await knowledge.search(system, text, signal);
        return found.filter(({ repository }) => lackingFor([repository], {}) === undefined);
      };
      const answer = await askPackages(place, { picked: appliance.packages, search, clock });
      return kept(answer, (packages) => (appliance.packages = packages));
    },
    async (place) => {
      const answer = await askPicks(place, {
        placeholder: vscode.l10n.t('Target formats to build images for'),
        choices: formatChoices(formats),
        isPicked: (name) => appliance.formats.includes(name),
        none: vscode.l10n.t('Pick a target format at least.'),
      });
      return kept(answer, (picked) => (appliance.formats = [...picked]));
    },
    ...machineSteps(() => appliance.formats, answers),
    fileStep('template', file, 'template.yml'),
  ]);
  const { system, formats: targets, ...rest } = appliance;
  if (!finished || system === undefined) return undefined;
  const machines = targets.map((targetFormat) => ({ targetFormat, ...answersFor(targetFormat, answers) }));
  return create(file, newTemplate({ ...rest, system, machines }), 'yaml');
}

function nameSteps(appliance: { name: string; version: string }): readonly Step[] {
  const text = (prompt: string, key: 'name' | 'version', placeholder: string): Step => {
    return async (place) => {
      const wrong = (value: string): string | undefined =>
        value === '' ? vscode.l10n.t('It must not be empty.') : undefined;
      const answer = await askText(place, { prompt, value: appliance[key], placeholder, wrong });
      return kept(answer, (value) => (appliance[key] = value));
    };
  };
  return [
    text(vscode.l10n.t('Name of the appliance'), 'name', vscode.l10n.t('for example web-server')),
    text(vscode.l10n.t('Version of the appliance'), 'version', '1.0'),
  ];
}

function systemChoice(system: KnownDistribution): Choice<KnownDistribution> {
  return { label: `${system.name} ${system.version}`, description: system.arch, value: system };
}

async function profilesOf(
  system: KnownDistribution | undefined,
  knowledge: Knowledge,
): Promise<readonly string[]> {
  if (system === undefined || system.id === '') return [];
  return knowledge.profiles(system).catch(() => []);
}

/** A builder gets what its own target format needs. */
function answersFor(targetFormat: string, { memory, diskSize, entrypoint }: MachineAnswers) {
  const facts = targetFormatNamed(targetFormat);
  return {
    ...((facts === undefined || facts.memory === true) && { memory }),
    ...(facts?.ebs === true && { diskSize }),
    ...(facts?.entrypoint === true && { entrypoint }),
  };
}
