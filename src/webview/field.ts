import type { PageField, PageWords } from '../editor/form/pageMessages.ts';
import { ask, domId, element, signButton } from './dom.ts';
import { problemBox, problemPlace } from './problem.ts';

/** Part of the page that can show what has become of it without being made anew. */
export interface Part<T> {
  readonly root: HTMLElement;
  readonly show: (now: T) => void;
}

/** A label, an input, what it means, what is wrong with it, and a way to take it out. */
export function fieldPart(field: PageField, words: PageWords): Part<PageField> {
  const { id, kind } = field;
  const input = inputFor(id, kind);
  const hint = element('span', { className: 'hint' });
  const remove = signButton('×', `${words.remove}: ${field.label}`, () => {
    ask({ type: 'set', id, value: '' });
  });
  const value = element('div', { className: 'value' }, input.root, hint, remove);
  const label = element('label', { textContent: field.label, htmlFor: input.root.id });
  const help = element('p', { className: 'help', textContent: field.help, id: `${input.root.id}-help` });
  input.root.setAttribute('aria-describedby', help.id);
  const problems = problemPlace();
  const root = element(
    'div',
    { className: `field ${kind}` },
    ...(kind === 'flag' ? [value, label] : [label, value]),
    help,
    problems,
  );
  if (kind === 'text' && field.values.length > 0) {
    const list = element('datalist', { id: `${input.root.id}-values` });
    list.append(...field.values.map((each) => new Option(each, each)));
    input.root.setAttribute('list', list.id);
    root.append(list);
  }
  return {
    root,
    show: (now) => {
      hint.textContent = [now.unit, now.hint].filter((part) => part !== '').join(' ');
      remove.hidden = !now.isThere;
      root.classList.toggle('absent', !now.isThere);
      problems.replaceChildren(...now.problems.map(problemBox));
      const isWrong = now.problems.some(({ severity }) => severity === 'error');
      input.root.setAttribute('aria-invalid', String(isWrong));
      input.show(now, words.notSet);
    },
  };
}

interface Input {
  readonly root: HTMLInputElement | HTMLSelectElement;
  readonly show: (now: PageField, notSet: string) => void;
}

function inputFor(path: string, kind: PageField['kind']): Input {
  const set = (value: string): void => ask({ type: 'set', id: path, value });
  const id = domId(path);
  if (kind === 'choice') {
    const select = element('select', { id });
    select.addEventListener('change', () => set(select.value));
    return { root: select, show: (now, notSet) => showChoice(select, now, notSet) };
  }
  if (kind === 'flag') {
    const box = element('input', { id, type: 'checkbox' });
    box.addEventListener('change', () => set(String(box.checked)));
    return { root: box, show: ({ value }) => (box.checked = value === 'true' || value === '1') };
  }
  return textInput(element('input', { id, type: kind === 'secret' ? 'password' : 'text' }), kind, set);
}

/** As long as somebody may be in the middle of a value, ms. */
const typingMs = 400;

/** What is typed is in the text soon, so that saving saves it; an emptied input only when it is left. */
function textInput(input: HTMLInputElement, kind: PageField['kind'], set: (value: string) => void): Input {
  if (kind === 'number') input.inputMode = 'numeric';
  input.spellcheck = false;
  input.autocomplete = 'off';
  /** What the text has, as far as the page knows. */
  let known = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const commit = (): void => {
    clearTimeout(timer);
    const value = input.value.trim();
    if (value === known) return;
    known = value;
    set(value);
  };
  input.addEventListener('input', () => {
    clearTimeout(timer);
    if (input.value.trim() !== '') timer = setTimeout(commit, typingMs);
  });
  input.addEventListener('blur', commit);
  input.addEventListener('keydown', ({ key, ctrlKey, metaKey }) => {
    if (key === 'Enter' || (key === 's' && (ctrlKey || metaKey))) commit();
  });
  return {
    root: input,
    show: ({ value }, notSet) => {
      input.placeholder = notSet;
      // What somebody is typing stays, unless the text has got another value meanwhile.
      if (value === known && document.activeElement === input) return;
      clearTimeout(timer);
      known = value;
      input.value = value;
    },
  };
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
