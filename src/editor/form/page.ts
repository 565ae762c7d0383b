import * as vscode from 'vscode';
import type { FormField, RequestForm } from '../../appliance/language/requestForm.ts';
import { hasErrors, type Problem } from '../../appliance/problem.ts';
import { countsOf } from '../counts.ts';
import { fieldLabel, sectionTitle } from './labels.ts';
import type { Page, PageAction, PageField, PageProblem } from './messages.ts';

/** The form as its page shows it. */
export function pageFor(form: RequestForm, title: string): Page {
  const words = {
    notSet: vscode.l10n.t('not set'),
    remove: vscode.l10n.t('Remove'),
    othersTitle: vscode.l10n.t('Elsewhere in the request'),
  };
  const showText: PageAction = { name: 'showText', title: vscode.l10n.t('Show Text') };
  if (form.kind === 'text') {
    const summary = vscode.l10n.t('This can’t be shown as a form before the text is right.');
    const others = form.problems.map(problemOf);
    return { title, summary, state: 'errors', actions: [showText], sections: [], others, words };
  }
  const problems = [
    ...form.sections.flatMap(({ fields }) => fields.flatMap((field) => field.problems)),
    ...form.others,
  ];
  const state = hasErrors(problems) ? 'errors' : problems.length > 0 ? 'warnings' : 'right';
  const summary =
    state === 'right' ? vscode.l10n.t('Nothing is wrong with this request.') : `${countsOf(problems)}.`;
  const actions: readonly PageAction[] = [
    { name: 'generate', title: vscode.l10n.t('Generate Image') },
    { name: 'simulate', title: vscode.l10n.t('Simulate') },
    { name: 'checkOnServer', title: vscode.l10n.t('Check against Server') },
    showText,
  ];
  const sections = form.sections.map(({ id, fields }) => {
    return { id, title: sectionTitle(id), fields: fields.map(fieldOf) };
  });
  return { title, summary, state, actions, sections, others: form.others.map(problemOf), words };
}

function fieldOf({ id, kind, unit, values = [], value, isThere, help, problems }: FormField): PageField {
  return {
    id,
    label: fieldLabel(id),
    // The page shows plain text.
    help: help.replaceAll(/[`*]/g, ''),
    kind,
    unit: unit ?? '',
    hint: unit === undefined ? '' : inGigabytes(value),
    values,
    value,
    isThere,
    problems: problems.map(problemOf),
  };
}

function problemOf({ severity, message, range, code, fixes = [] }: Problem): PageProblem {
  const { line } = range.start;
  return {
    severity,
    message,
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
