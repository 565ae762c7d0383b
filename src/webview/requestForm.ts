import type { FromPage, Page, PageField, PageProblem, PageSection } from '../editor/form/messages.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const vscode = acquireVsCodeApi();
const main = element('main', {});
document.querySelector('main')?.replaceWith(main);

/** Inputs by the id of their field: they stay while the text changes, and with them the cursor. */
const controls = new Map<string, Control>();
let shape = '';

interface Control {
  readonly show: (field: PageField) => void;
}

window.addEventListener('message', ({ data }: MessageEvent<Page>) => {
  const next = JSON.stringify(data.sections.map(({ id, fields }) => [id, fields.map((field) => field.id)]));
  if (next !== shape) build(data);
  shape = next;
  for (const section of data.sections)
    for (const field of section.fields) controls.get(field.id)?.show(field);
  showHead(data);
});
vscode.postMessage({ type: 'ready' });

const head = element('header', {});
const others = element('section', { className: 'others' });

function build(page: Page): void {
  const focused = document.activeElement?.id ?? '';
  controls.clear();
  main.replaceChildren(head, ...page.sections.map((section) => sectionOf(section, page)), others);
  document.getElementById(focused)?.focus();
}

function showHead({ title, summary, state, actions, others: rest, words }: Page): void {
  const buttons = actions.map(({ name, title: text }) => {
    const className = name === 'generate' ? 'primary' : '';
    const button = element('button', { type: 'button', textContent: text, className });
    button.addEventListener('click', () => vscode.postMessage({ type: 'act', name }));
    return button;
  });
  const status = element('p', { className: `summary ${state}`, textContent: summary });
  status.setAttribute('role', 'status');
  const bar = element('div', { className: 'actions' });
  bar.append(...buttons);
  head.replaceChildren(element('h1', { textContent: title }), status, bar);
  others.hidden = rest.length === 0;
  others.replaceChildren(element('h2', { textContent: words.othersTitle }), ...rest.map(problemOf));
}

function sectionOf({ title, fields }: PageSection, page: Page): HTMLElement {
  const section = element('section', {});
  section.append(element('h2', { textContent: title }), ...fields.map((field) => row(field, page)));
  return section;
}

/** A label, an input, what it means, what is wrong with it, and a way to take it out. */
function row(field: PageField, { words }: Page): HTMLElement {
  const { id, kind } = field;
  const domId = `field-${id.replace('/', '-')}`;
  const set = (value: string): void => vscode.postMessage({ type: 'set', id, value });
  const line = element('div', { className: `field ${kind}` });
  const label = element('label', { textContent: field.label, htmlFor: domId });
  const input = kind === 'choice' ? choice(domId, set) : textOrFlag(domId, kind, set);
  const hint = element('span', { className: 'hint' });
  const remove = element('button', { type: 'button', className: 'remove', textContent: '×' });
  remove.title = `${words.remove}: ${field.label}`;
  remove.setAttribute('aria-label', remove.title);
  remove.addEventListener('click', () => set(''));
  const help = element('p', { className: 'help', textContent: field.help, id: `${domId}-help` });
  input.setAttribute('aria-describedby', help.id);
  const problems = element('div', { className: 'problems' });
  problems.setAttribute('aria-live', 'polite');
  const value = element('div', { className: 'value' });
  value.append(input, hint, remove);
  line.append(...(kind === 'flag' ? [value, label] : [label, value]), help, problems);
  if (kind === 'flag') value.after(label);
  const list = kind === 'text' && field.values.length > 0 ? suggestions(domId, field.values) : undefined;
  if (list !== undefined) {
    input.setAttribute('list', list.id);
    line.append(list);
  }
  let shown = '\u0000';
  controls.set(id, {
    show: (now) => {
      hint.textContent = [now.unit, now.hint].filter((part) => part !== '').join(' ');
      remove.hidden = !now.isThere;
      line.classList.toggle('absent', !now.isThere);
      problems.replaceChildren(...now.problems.map(problemOf));
      const isWrong = now.problems.some(({ severity }) => severity === 'error');
      input.setAttribute('aria-invalid', String(isWrong));
      if (input instanceof HTMLSelectElement) showChoice(input, now, words.notSet);
      else if (input.type === 'checkbox') input.checked = now.value === 'true' || now.value === '1';
      // What somebody is typing stays, unless the text has changed meanwhile.
      else if (now.value !== shown || document.activeElement !== input) input.value = now.value;
      if (input instanceof HTMLInputElement && kind !== 'flag') input.placeholder = words.notSet;
      shown = now.value;
    },
  });
  return line;
}

function textOrFlag(id: string, kind: PageField['kind'], set: (value: string) => void): HTMLInputElement {
  const input = element('input', { id, type: kind === 'flag' ? 'checkbox' : 'text' });
  if (kind === 'number') input.inputMode = 'numeric';
  input.spellcheck = false;
  input.addEventListener('change', () => set(kind === 'flag' ? String(input.checked) : input.value.trim()));
  return input;
}

function choice(id: string, set: (value: string) => void): HTMLSelectElement {
  const select = element('select', { id });
  select.addEventListener('change', () => set(select.value));
  return select;
}

/** A value that is none of the choices is still shown: it is in the text. */
function showChoice(select: HTMLSelectElement, { values, value }: PageField, notSet: string): void {
  const all = value === '' || values.includes(value) ? values : [value, ...values];
  const wanted = ['', ...all];
  const there = [...select.options].map((option) => option.value);
  if (JSON.stringify(there) !== JSON.stringify(wanted)) {
    select.replaceChildren(...wanted.map((each) => new Option(each === '' ? notSet : each, each)));
  }
  select.value = value;
}

function suggestions(id: string, values: readonly string[]): HTMLDataListElement {
  const list = element('datalist', { id: `${id}-values` });
  list.append(...values.map((value) => new Option(value, value)));
  return list;
}

function problemOf({ severity, message, place, line, fixes }: PageProblem): HTMLElement {
  const box = element('div', { className: `problem ${severity}` });
  const text = element('p', { textContent: `${message} ` });
  const link = element('button', { type: 'button', className: 'link', textContent: place });
  link.addEventListener('click', () => vscode.postMessage({ type: 'reveal', line }));
  text.append(link);
  box.append(text);
  for (const fix of fixes) {
    const button = element('button', { type: 'button', className: 'fix', textContent: fix.title });
    button.addEventListener('click', () => vscode.postMessage({ type: 'fix', fix, line }));
    box.append(button);
  }
  return box;
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(name), properties);
}
