import type { FromPage, PageField, PageItem, PageList, PageWords } from '../editor/form/pageMessages.ts';
import { ask, domId, element, signButton } from './dom.ts';
import { fieldPart, type Part } from './field.ts';
import type { OpenItems } from './openItems.ts';
import { problemBox, problemPlace } from './problem.ts';

/** What lists need of the page. */
export interface ListHost {
  readonly words: PageWords;
  readonly open: OpenItems;
  /** Every part by the path of what it shows. */
  readonly fields: Map<string, Part<PageField>>;
  readonly lists: Map<string, Part<PageList>>;
  readonly items: Map<string, Part<PageItem>>;
  /** Asks for a change of a list unless one is under way; `then` gives the part to go to afterwards. */
  readonly change: (message: ListChange, then: () => HTMLElement | null) => void;
}

export type ListChange = Extract<FromPage, { readonly type: 'add' | 'remove' | 'move' }>;

/** A list: its name, its items, and a button for another. `level`: of its heading. */
function listPart(list: PageList, level: number, host: ListHost): Part<PageList> {
  const id = domId(list.id);
  const heading = element(level === 3 ? 'h3' : level === 4 ? 'h4' : 'h5', { id, textContent: list.label });
  const none = element('span', { className: 'none' });
  const add = element('button', { type: 'button', textContent: list.add, id: `${id}-add` });
  add.addEventListener('click', () => {
    host.change({ type: 'add', id: list.id }, () => {
      const [head] = [
        ...document.querySelectorAll<HTMLElement>(`#${id}-items > li > .itemHead > button`),
      ].slice(-4);
      if (head?.getAttribute('aria-expanded') === 'false') head.click();
      return head?.closest('li')?.querySelector('input, select') ?? head ?? null;
    });
  });
  const remove = signButton('×', `${host.words.remove}: ${list.label}`, () => {
    ask({ type: 'set', id: list.id, value: '' });
  });
  const problems = problemPlace();
  const items = list.items.map((item, index) => itemPart(item, index + 1, list, level, host));
  const rows = element('ul', { id: `${id}-items` }, ...items.map(({ root }) => root));
  // Some screen readers leave out lists that look like none.
  rows.setAttribute('role', 'list');
  const root = element(
    'div',
    { className: 'list' },
    element('div', { className: 'listHead' }, heading, none, add, remove),
    element('p', { className: 'help', textContent: list.help }),
    problems,
    rows,
  );
  root.setAttribute('role', 'group');
  root.setAttribute('aria-labelledby', id);
  const part: Part<PageList> = {
    root,
    show: (now) => {
      none.textContent = now.items.length === 0 ? now.none : '';
      rows.hidden = now.items.length === 0;
      remove.hidden = !now.isThere || now.items.length > 0;
      root.classList.toggle('absent', !now.isThere);
      problems.replaceChildren(...now.problems.map(problemBox));
    },
  };
  host.lists.set(list.id, part);
  return part;
}

/** An item: its summary, buttons to move it and to take it out, and what is in it when it is open. */
function itemPart(
  item: PageItem,
  place: number,
  list: PageList,
  level: number,
  host: ListHost,
): Part<PageItem> {
  const { words, open } = host;
  const id = domId(item.id);
  const summary = element('span', { className: 'itemSummary' });
  const body = element('div', { className: 'itemBody', id: `${id}-body` });
  const head = element(
    'button',
    { type: 'button', className: 'disclosure', id: `${id}-head` },
    element('span', { textContent: item.title }),
    summary,
  );
  head.setAttribute('aria-controls', body.id);
  const setOpen = (isOpen: boolean): void => {
    open.set(item.id, isOpen);
    body.hidden = !isOpen;
    head.setAttribute('aria-expanded', String(isOpen));
  };
  head.addEventListener('click', () => setOpen(!open.has(item.id)));

  const itemAt = (other: number): string => domId(item.id.replace(/\d+\]$/, `${other}]`));
  const mover = (by: -1 | 1, sign: string, name: 'up' | 'down'): HTMLButtonElement => {
    const other = place + by;
    const title = by < 0 ? words.moveUp : words.moveDown;
    const button = signButton(sign, `${title}: ${item.title}`, () => {
      open.swapped(list.id, place, other);
      host.change({ type: 'move', id: item.id, by }, () => {
        const same = document.querySelector<HTMLButtonElement>(`#${itemAt(other)}-${name}`);
        return same?.disabled === false ? same : document.querySelector(`#${itemAt(other)}-head`);
      });
    });
    button.id = `${id}-${name}`;
    button.disabled = other < 1 || other > list.items.length;
    return button;
  };
  const remove = signButton('×', `${words.remove}: ${item.title}`, () => {
    open.removed(list.id, place);
    host.change({ type: 'remove', id: item.id }, () => {
      const next = Math.min(place, list.items.length - 1);
      return (
        document.querySelector(`#${itemAt(next)}-head`) ?? document.querySelector(`#${domId(list.id)}-add`)
      );
    });
  });

  const problems = problemPlace();
  body.append(...inside(item, item.id, level + 1, host));
  const row = element(
    'div',
    { className: 'itemHead' },
    head,
    mover(-1, '↑', 'up'),
    mover(1, '↓', 'down'),
    remove,
  );
  const root = element('li', { className: 'item' }, row, problems, body);
  setOpen(open.has(item.id));
  let wasWrong = false;
  const part: Part<PageItem> = {
    root,
    show: (now) => {
      summary.textContent = now.summary;
      problems.replaceChildren(...now.problems.map(problemBox));
      const isWrong = hasProblems(now);
      if (isWrong && !wasWrong) setOpen(true);
      wasWrong = isWrong;
    },
  };
  host.items.set(item.id, part);
  return part;
}

/**
 * Values, lists, and behind “More” those nobody begins with. `path`: of what they are in, to know again
 * whether “More” was open; `level`: of the lists' headings.
 */
export function inside(
  { fields, lists }: Pick<PageItem, 'fields' | 'lists'>,
  path: string,
  level: number,
  host: ListHost,
): readonly HTMLElement[] {
  const rows = (isRare: boolean): readonly HTMLElement[] => [
    ...fields
      .filter((field) => field.isRare === isRare)
      .map((field) => {
        const part = fieldPart(field, host.words);
        host.fields.set(field.id, part);
        return part.root;
      }),
    ...lists.filter((list) => list.isRare === isRare).map((list) => listPart(list, level, host).root),
  ];
  const rare = rows(true);
  if (rare.length === 0) return rows(false);
  const more = element('details', {}, element('summary', { textContent: host.words.more }), ...rare);
  const key = `${path}/more`;
  more.open = host.open.has(key);
  more.addEventListener('toggle', () => host.open.set(key, more.open));
  return [...rows(false), more];
}

function hasProblems({ problems, fields, lists }: PageItem): boolean {
  return (
    problems.length > 0 ||
    fields.some((field) => field.problems.length > 0) ||
    lists.some((list) => list.problems.length > 0 || list.items.some(hasProblems))
  );
}
