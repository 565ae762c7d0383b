import type { Page, PageItem, PageList, PageSection } from '../editor/form/pageMessages.ts';
import { ask, element, isAnswered, vscode } from './dom.ts';
import { inside, type ListChange, type ListHost } from './list.ts';
import { OpenItems } from './openItems.ts';
import { problemBox } from './problem.ts';

const main = element('main');
document.querySelector('main')?.replaceWith(main);
const head = element('header');
const others = element('section', { className: 'others' });

/** Parts by path: they, and the cursor, stay while the text changes; other parts make the page anew. */
const parts: Pick<ListHost, 'fields' | 'lists' | 'items'> = {
  fields: new Map(),
  lists: new Map(),
  items: new Map(),
};
const open = new OpenItems();
let shape = '';
/** A change of a list is under way: where to go then. A second click on what moved would hit another. */
let goal: (() => HTMLElement | null) | undefined;

window.addEventListener('message', ({ data }: MessageEvent<Page>) => {
  const next = JSON.stringify(data.sections.map(shapeOf));
  if (next !== shape) build(data);
  shape = next;
  data.sections.forEach(showIn);
  showHead(data);
  if (goal === undefined || !isAnswered(data)) return;
  goal()?.focus();
  goal = undefined;
});
vscode.postMessage({ type: 'ready' });

type Holder = Pick<PageSection, 'fields' | 'lists'>;

/** What the page is made of, without values. */
function shapeOf({ fields, lists }: Holder): unknown {
  const items = ({ id, items: all }: PageList): unknown => [id, all.map(shapeOf)];
  return [fields.map(({ id }) => id), lists.map(items)];
}

function showIn({ fields, lists }: Holder): void {
  for (const field of fields) parts.fields.get(field.id)?.show(field);
  for (const list of lists) {
    parts.lists.get(list.id)?.show(list);
    for (const item of list.items) showItem(item);
  }
}

function showItem(item: PageItem): void {
  parts.items.get(item.id)?.show(item);
  showIn(item);
}

function build(page: Page): void {
  const active = document.activeElement;
  const focused = active?.id ?? '';
  // What is being typed is not lost with its input.
  if (active instanceof HTMLElement) active.blur();
  Object.values(parts).forEach((all) => all.clear());
  main.replaceChildren(head, ...page.sections.map((section) => sectionOf(section, page)), others);
  if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true });
}

function change(message: ListChange, then: () => HTMLElement | null): void {
  if (goal !== undefined) return;
  goal = then;
  ask(message);
}

function sectionOf(section: PageSection, { words }: Page): HTMLElement {
  const host: ListHost = { words, open, ...parts, change };
  const heading = element('h2', { textContent: section.title });
  return element('section', {}, heading, ...inside(section, section.id, 3, host));
}

function showHead({ title, summary, state, actions, sections, others: rest, words }: Page): void {
  const buttons = actions.map(({ name, title: text }) => {
    const className = name === 'generate' ? 'primary' : '';
    const button = element('button', { type: 'button', textContent: text, className });
    button.addEventListener('click', () => vscode.postMessage({ type: 'act', name }));
    return button;
  });
  const status = element('p', { className: `summary ${state}`, textContent: summary });
  status.setAttribute('role', 'status');
  const bar = element('div', { className: 'actions' }, ...buttons);
  head.replaceChildren(element('h1', { textContent: title }), status, bar);
  others.hidden = rest.length === 0;
  const heading = sections.length === 0 ? [] : [element('h2', { textContent: words.othersTitle })];
  others.replaceChildren(...heading, ...rest.map(problemBox));
}
