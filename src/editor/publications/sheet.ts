import * as vscode from 'vscode';
import { askInput, pickOne } from '../inputs.ts';

/** One thing to say, a row of a sheet. */
export interface SheetField {
  readonly name: string;
  readonly label: string;
  readonly required: boolean;
  readonly secret?: boolean;
  readonly type?: 'text' | 'flag' | 'number' | 'file';
  /** What there is to choose from; anything else may be typed unless `closed`. */
  readonly choices?: readonly SheetChoice[];
  readonly closed?: boolean;
  /** For a secret that its server keeps: said instead of nothing. */
  readonly kept?: boolean;
}

interface SheetChoice {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

export interface SheetTexts {
  readonly title: string;
  readonly placeHolder: string;
  /** What the first row does: `Publish`. */
  readonly done: string;
  readonly doneIcon: string;
}

/**
 * Has a person fill something in: what must be said and is not known is asked first, then all of it is a list, in
 * which each row can be changed. Resolves with the values, or with nothing when the person leaves it.
 */
export async function fillIn(
  fields: readonly SheetField[],
  known: Readonly<Record<string, string>>,
  texts: SheetTexts,
): Promise<Readonly<Record<string, string>> | undefined> {
  const values: Record<string, string> = { ...known };
  const isMissing = ({ name, required, kept }: SheetField): boolean =>
    required && kept !== true && (values[name] ?? '') === '';
  const change = async (field: SheetField): Promise<boolean> => {
    const value = await ask(field, values[field.name] ?? '', texts.title);
    if (value === undefined) return false;
    values[field.name] = value;
    return true;
  };
  for (const field of fields) if (isMissing(field) && !(await change(field))) return undefined;
  for (;;) {
    const picked = await pickOne(rowsOf(fields, values, texts), {
      title: texts.title,
      placeHolder: texts.placeHolder,
      ignoreFocusOut: true,
    });
    if (picked === undefined) return undefined;
    const next = picked.field ?? fields.find(isMissing);
    if (next === undefined) return values;
    await change(next);
  }
}

interface Row extends vscode.QuickPickItem {
  readonly field?: SheetField;
}

function rowsOf(
  fields: readonly SheetField[],
  values: Readonly<Record<string, string>>,
  { done, doneIcon }: SheetTexts,
): readonly Row[] {
  const first: Row = { label: done, iconPath: new vscode.ThemeIcon(doneIcon) };
  return [
    first,
    ...fields.map((field) => ({ field, label: field.label, description: shownValue(field, values) })),
  ];
}

function shownValue(field: SheetField, values: Readonly<Record<string, string>>): string {
  const { name, secret, required, kept, type, choices } = field;
  const value = values[name] ?? '';
  if (value === '') {
    if (kept === true) return vscode.l10n.t('as the server has it');
    return required ? vscode.l10n.t('missing') : '—';
  }
  if (type === 'file' || secret === true) return '••••••••';
  if (type === 'flag') return value === 'true' ? vscode.l10n.t('yes') : vscode.l10n.t('no');
  return choices?.find((each) => each.value === value)?.label ?? value;
}

async function ask(field: SheetField, value: string, title: string): Promise<string | undefined> {
  const { label, type, choices = [], closed } = field;
  if (type === 'file') return await askFile(label);
  if (type === 'flag') {
    return await choose(title, label, [
      { value: 'true', label: vscode.l10n.t('yes') },
      { value: 'false', label: vscode.l10n.t('no') },
    ]);
  }
  if (choices.length === 0) return await askValue(field, value, title);
  if (closed === true) return await choose(title, label, choices);
  const other = '\0';
  const more = { value: other, label: vscode.l10n.t('Something else…') };
  const chosen = await choose(title, label, [...choices, more]);
  return chosen === other ? await askValue(field, value, title) : chosen;
}

async function choose(
  title: string,
  placeHolder: string,
  choices: readonly SheetChoice[],
): Promise<string | undefined> {
  return (await pickOne(choices, { title, placeHolder, ignoreFocusOut: true }))?.value;
}

async function askValue(
  { label, required, secret, type, kept }: SheetField,
  value: string,
  title: string,
): Promise<string | undefined> {
  const text = await askInput({
    title,
    prompt: kept === true ? vscode.l10n.t('{0}. Leave it empty to keep what the server has.', label) : label,
    value,
    password: secret === true,
    ignoreFocusOut: true,
    wrong: (typed) => {
      if (required && kept !== true && typed.trim() === '') return vscode.l10n.t('{0} is needed.', label);
      if (type === 'number' && typed !== '' && !/^\d+$/.test(typed.trim()))
        return vscode.l10n.t('{0} is a number.', label);
      return undefined;
    },
  });
  // A secret may begin or end with a blank.
  return secret === true ? text : text?.trim();
}

/** The content of a file the person chooses, as base64. */
async function askFile(label: string): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({ title: label, openLabel: vscode.l10n.t('Use') })) ?? [];
  if (file === undefined) return undefined;
  return Buffer.from(await vscode.workspace.fs.readFile(file)).toString('base64');
}
