import * as vscode from 'vscode';
import { messageText } from '../foreignText.ts';
import { openInput, openPick, shownItems } from '../inputs.ts';
import { inform } from '../messages.ts';

/** What a step ends with: an answer, a step back, or nothing at all. */
export type Answer<T> = { readonly value: T } | 'back' | 'cancelled';

/** Where a question stands among the others. */
export interface Place {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

/** Asks something and keeps the answer; `skipped` when there is nothing to ask. */
export type Step = (place: Place) => Promise<'next' | 'back' | 'cancelled' | 'skipped'>;

/** Asks one question after the other; all but the first have a way back. Says if all were answered. */
export async function runSteps(title: string, steps: readonly Step[]): Promise<boolean> {
  let at = 0;
  let direction = 1;
  while (at < steps.length) {
    const step = steps[at];
    if (at < 0 || step === undefined) return false;
    const outcome = await step({ title, step: at + 1, totalSteps: steps.length });
    if (outcome === 'cancelled') return false;
    if (outcome !== 'skipped') direction = outcome === 'back' ? -1 : 1;
    at += direction;
  }
  return true;
}

/** Passes an answer on to whoever keeps it. */
export function kept<T>(answer: Answer<T>, keep: (value: T) => void): 'next' | 'back' | 'cancelled' {
  if (answer === 'back' || answer === 'cancelled') return answer;
  keep(answer.value);
  return 'next';
}

export interface TextQuestion {
  readonly prompt: string;
  readonly value: string;
  readonly placeholder?: string;
  /** A sentence when the text is no answer. */
  readonly wrong: (value: string) => string | undefined | Promise<string | undefined>;
}

export async function askText(place: Place, question: TextQuestion): Promise<Answer<string>> {
  const input = openInput();
  const { prompt, value, placeholder, wrong } = question;
  Object.assign(input, shown(place), { prompt, value, placeholder: placeholder ?? '' });
  const check = async (): Promise<boolean> => {
    const asked = input.value;
    const message = await wrong(asked.trim());
    // Somebody typed on while that was found out.
    if (asked === input.value) input.validationMessage = message && messageText(message);
    return message === undefined;
  };
  return answerOf<string>(input, (done) => [
    input.onDidChangeValue(() => void check()),
    input.onDidAccept(
      () => void check().then((isRight) => (isRight ? done({ value: input.value.trim() }) : undefined)),
    ),
  ]);
}

/** Something to choose, with what choosing it means. */
export interface Choice<T> extends vscode.QuickPickItem {
  readonly value?: T;
}

export interface PickQuestion<T> {
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[];
  readonly isActive: (value: T) => boolean;
}

export async function askPick<T>(place: Place, question: PickQuestion<T>): Promise<Answer<T>> {
  const pick = openPick<Choice<T>>();
  Object.assign(pick, shown(place), { placeholder: question.placeholder, matchOnDescription: true });
  pick.items = shownItems(question.choices);
  pick.activeItems = pick.items.filter(({ value }) => value !== undefined && question.isActive(value));
  return answerOf<T>(pick, (done) => [
    pick.onDidAccept(() => {
      const value = pick.selectedItems[0]?.value;
      if (value !== undefined) done({ value });
    }),
  ]);
}

export interface PicksQuestion<T> extends Omit<PickQuestion<T>, 'isActive'> {
  readonly isPicked: (value: T) => boolean;
  /** Said instead of going on with nothing picked. */
  readonly none: string;
}

export async function askPicks<T>(place: Place, question: PicksQuestion<T>): Promise<Answer<readonly T[]>> {
  const pick = openPick<Choice<T>>();
  const { placeholder } = question;
  Object.assign(pick, shown(place), { placeholder, matchOnDescription: true, canSelectMany: true });
  pick.items = shownItems(question.choices);
  pick.selectedItems = pick.items.filter(({ value }) => value !== undefined && question.isPicked(value));
  return answerOf<readonly T[]>(pick, (done) => [
    pick.onDidAccept(() => {
      const values = pick.selectedItems.flatMap(({ value }) => (value === undefined ? [] : [value]));
      if (values.length > 0) done({ value: values });
      else void inform(question.none);
    }),
  ]);
}

/** Shows an input until it is answered, left or gone back from. */
export async function answerOf<T>(
  input: vscode.QuickInput & { buttons: readonly vscode.QuickInputButton[] },
  listen: (done: (answer: Answer<T>) => void) => vscode.Disposable[],
): Promise<Answer<T>> {
  const listeners: vscode.Disposable[] = [];
  try {
    return await new Promise<Answer<T>>((resolve) => {
      const onButton = (input as vscode.InputBox).onDidTriggerButton;
      listeners.push(
        ...listen(resolve),
        onButton((button) => button === vscode.QuickInputButtons.Back && resolve('back')),
        input.onDidHide(() => resolve('cancelled')),
      );
      input.show();
    });
  } finally {
    vscode.Disposable.from(...listeners, input).dispose();
  }
}

/** What every question shows. A click elsewhere, to look something up, does not end it. */
export function shown({ title, step, totalSteps }: Place): object {
  const buttons = step > 1 ? [vscode.QuickInputButtons.Back] : [];
  return { title, step, totalSteps, buttons, ignoreFocusOut: true };
}
