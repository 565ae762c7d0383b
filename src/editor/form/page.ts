import * as vscode from 'vscode';
import type { FormField } from '../../appliance/form/fields.ts';
import type { FormItem, FormList } from '../../appliance/form/lists.ts';
import type { FormSection, RequestForm } from '../../appliance/form/requestForm.ts';
import { hasErrors, type Problem } from '../../appliance/text/problem.ts';
import { visibleText } from '../../uforge/visibleText.ts';
import { countsOf } from '../definitions/problemCounts.ts';
import { itemLabel, labelOf, sectionTitles } from './labels.ts';
import type { Page, PageAction, PageField, PageItem, PageList, PageProblem } from './pageMessages.ts';

/** The form as its page shows it. */
export function pageFor(form: RequestForm, title: string, answered: number): Page {
  const words = {
    notSet: vscode.l10n.t('not set'),
    remove: vscode.l10n.t('Remove'),
    moveUp: vscode.l10n.t('Move up'),
    moveDown: vscode.l10n.t('Move down'),
    more: vscode.l10n.t('More'),
    othersTitle: vscode.l10n.t('Elsewhere in the request'),
  };
  const showText: PageAction = { name: 'showText', title: vscode.l10n.t('Show Text') };
  if (form.kind === 'text') {
    const summary = vscode.l10n.t('This can’t be shown as a form before the text is right.');
    const others = form.problems.map(problemOf);
    return { answered, title, summary, state: 'errors', actions: [showText], sections: [], others, words };
  }
  const problems = [...form.sections.flatMap(problemsIn), ...form.others];
  const state = hasErrors(problems) ? 'errors' : problems.length > 0 ? 'warnings' : 'right';
  const summary =
    state === 'right' ? vscode.l10n.t('Nothing is wrong with this request.') : `${countsOf(problems)}.`;
  const actions: readonly PageAction[] = [
    { name: 'generate', title: vscode.l10n.t('Generate Image') },
    { name: 'simulate', title: vscode.l10n.t('Simulate') },
    { name: 'checkOnServer', title: vscode.l10n.t('Check against Server') },
    showText,
  ];
  const sections = form.sections.map(({ id, fields, lists }) => {
    return { id, title: sectionTitles[id], fields: fields.map(fieldOf), lists: lists.map(listOf) };
  });
  const others = form.others.map(problemOf);
  return { answered, title, summary, state, actions, sections, others, words };
}

function problemsIn({ fields, lists }: Pick<FormSection, 'fields' | 'lists'>): readonly Problem[] {
  return [
    ...fields.flatMap((field) => field.problems),
    ...lists.flatMap((list) => [
      ...list.problems,
      ...list.items.flatMap((item) => [...item.problems, ...problemsIn(item)]),
    ]),
  ];
}

function listOf({ item, help, items, problems, ...list }: FormList): PageList {
  const name = itemLabel(item);
  return {
    ...list,
    label: labelOf(list.id),
    help: plain(help),
    add: vscode.l10n.t('Add {0}', name),
    none: list.isThere ? vscode.l10n.t('empty') : vscode.l10n.t('not set'),
    items: items.map((each, index) => itemOf(each, name, index + 1)),
    problems: problems.map(problemOf),
  };
}

function itemOf({ id, summary, fields, lists, problems }: FormItem, name: string, place: number): PageItem {
  return {
    id,
    title: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${place}`,
    summary,
    fields: fields.map(fieldOf),
    lists: lists.map(listOf),
    problems: problems.map(problemOf),
  };
}

/** The page shows no Markdown. */
function plain(help: string): string {
  return help.replaceAll(/[`*]/g, '');
}

function fieldOf(field: FormField): PageField {
  const { unit, values = [], help, problems } = field;
  return {
    ...field,
    label: labelOf(field.id),
    help: plain(help),
    unit: unit ?? '',
    hint: unit === undefined ? '' : inGigabytes(field.value),
    values,
    problems: problems.map(problemOf),
  };
}

function problemOf({ severity, message, range, code, fixes = [] }: Problem): PageProblem {
  const { line } = range.start;
  return {
    severity,
    message: visibleText(message),
    place: vscode.l10n.t('Line {0}', line + 1),
    line,
    fixes: fixes.slice(0, 3).map(({ title }, index) => ({ title, code, index })),
  };
}

function inGigabytes(value: string): string {
  if (!/^\d{4,9}$/.test(value) || Number(value) < 1024) return '';
  const size = (Number(value) / 1024).toLocaleString(vscode.env.language, { maximumFractionDigits: 1 });
  return vscode.l10n.t('= {0} GB', size);
}
