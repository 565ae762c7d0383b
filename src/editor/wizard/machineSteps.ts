import * as vscode from 'vscode';
import { targetFormatNamed, targetFormats } from '../../appliance/catalog/targetFormats.ts';
import { usualMachine, type Machine } from '../../appliance/template/newTemplate.ts';
import { askPick, askText, kept, type Answer, type Choice, type Place, type Step } from './steps.ts';

/** Names of target formats as choices, those for downloading first, each with what becomes of its images. */
export function formatChoices(names: readonly string[]): readonly Choice<string>[] {
  const groups = new Map<string, Choice<string>[]>();
  for (const name of names) {
    const facts = targetFormatNamed(name);
    const group =
      facts === undefined
        ? vscode.l10n.t('The server’s own')
        : facts.compress
          ? vscode.l10n.t('To download')
          : vscode.l10n.t('To publish or boot from the server');
    const description = facts === undefined ? '' : facts.imageFormat;
    groups.set(group, [...(groups.get(group) ?? []), { label: name, description, value: name }]);
  }
  return [...groups].flatMap(([label, choices]) => [
    { label, kind: vscode.QuickPickItemKind.Separator },
    ...choices,
  ]);
}

/** The documented names, for when no server tells its own. */
export const documentedFormats: readonly string[] = targetFormats.map(({ name }) => name);

/** What has been said of a machine so far. */
export type MachineAnswers = Omit<{ -readonly [K in keyof Machine]: Machine[K] }, 'targetFormat'>;

/** Memory, disk and command, each asked for only when one of the target formats needs it. */
export function machineSteps(formats: () => readonly string[], answers: MachineAnswers): readonly Step[] {
  const needs = (what: 'memory' | 'ebs' | 'entrypoint'): boolean =>
    // A format nobody has documented is probably a machine.
    formats().some((name) => {
      const facts = targetFormatNamed(name);
      return facts === undefined ? what === 'memory' : facts[what] === true;
    });
  const step = <K extends keyof MachineAnswers>(
    what: Parameters<typeof needs>[0],
    key: K,
    ask: (place: Place) => Promise<Answer<NonNullable<MachineAnswers[K]>>>,
  ): Step => {
    return async (place) => {
      if (needs(what)) return kept(await ask(place), (value) => (answers[key] = value));
      answers[key] = undefined;
      return 'skipped';
    };
  };
  return [
    step('memory', 'memory', (place) => askMemory(place, answers.memory ?? usualMachine.memory)),
    step('ebs', 'diskSize', (place) => {
      const prompt = vscode.l10n.t('Size of the volume in MB (8192 is 8 GB)');
      return askMegabytes(place, prompt, answers.diskSize ?? usualMachine.diskSize);
    }),
    step('entrypoint', 'entrypoint', (place) =>
      askText(place, {
        prompt: vscode.l10n.t('Command the container starts'),
        value: answers.entrypoint ?? usualMachine.entrypoint,
        wrong: (text) => (text === '' ? vscode.l10n.t('A container needs a command to start.') : undefined),
      }),
    ),
  ];
}

async function askMemory(place: Place, current: number): Promise<Answer<number>> {
  const sizes = [512, 1024, 2048, 4096, 8192, 16384];
  const another = -1;
  const choices = sizes.map((size) => ({
    label: vscode.l10n.t('{0} MB', size),
    description: size < 1024 ? '' : vscode.l10n.t('{0} GB', size / 1024),
    value: size,
  }));
  const answer = await askPick<number>(place, {
    placeholder: vscode.l10n.t('Memory of the machine'),
    choices: [...choices, { label: vscode.l10n.t('Another size…'), value: another }],
    isActive: (size) => size === current,
  });
  if (answer === 'back' || answer === 'cancelled' || answer.value !== another) return answer;
  const prompt = vscode.l10n.t('Memory of the machine in MB (1024 is one GB)');
  const own = await askMegabytes(place, prompt, current);
  return own === 'back' ? askMemory(place, current) : own;
}

async function askMegabytes(place: Place, prompt: string, current: number): Promise<Answer<number>> {
  const answer = await askText(place, { prompt, value: String(current), wrong: wrongMegabytes });
  return typeof answer === 'string' ? answer : { value: Number(answer.value) };
}

function wrongMegabytes(text: string): string | undefined {
  return /^[1-9]\d{0,7}$/.test(text)
    ? undefined
    : vscode.l10n.t('A whole number of MB, without a unit: 2048 for 2 GB.');
}
