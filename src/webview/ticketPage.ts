import type { FromTicketPage, ToTicketPage } from '../editor/images/ticketPage/ticketHtml.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromTicketPage): void;
  getState(): { readonly top?: number } | undefined;
  setState(state: { readonly key: string; readonly top: number }): void;
};

const vscode = acquireVsCodeApi();
const main = document.querySelector('main') ?? document.body;
const key = document.body.dataset['key'] ?? '';
const top = vscode.getState()?.top ?? 0;
/** The parts as they were sent: the browser writes HTML in a way of its own. */
const shown = new Map<string, string>();

window.addEventListener('message', ({ data }: MessageEvent<ToTicketPage>) => {
  const first = shown.size === 0;
  show(data.html);
  if (first) scrollTo(0, top);
});
document.addEventListener('click', ({ target }) => {
  const command = target instanceof HTMLElement ? target.dataset['command'] : undefined;
  if (command !== undefined) vscode.postMessage({ command });
});
// VS Code gives it back after a reload of the window, and with it the ticket.
const keep = (): void => vscode.setState({ key, top: scrollY });
document.addEventListener('scroll', keep);
keep();
vscode.postMessage({ ready: true });

/** Changes only what has changed: the keyboard, the selection and a screen reader stay where they are. */
function show(html: string): void {
  const next = document.createElement('template');
  next.innerHTML = html;
  const parts = [...next.content.children];
  const ids = new Set(parts.map(({ id }) => id));
  for (const old of [...main.children]) if (!ids.has(old.id)) old.remove();
  parts.forEach((part, index) => {
    const sent = part.outerHTML;
    const old = document.getElementById(part.id);
    if (old !== null && shown.get(part.id) === sent) return;
    if (old === null) main.insertBefore(part, main.children[index] ?? null);
    shown.set(part.id, sent);
    replace(old ?? part, part);
    drawBars(part.id);
  });
}

function drawBars(id: string): void {
  for (const bar of main.querySelectorAll<HTMLElement>(`#${id} [data-share]`)) {
    bar.style.marginLeft = `${bar.dataset['from'] ?? '0'}%`;
    bar.style.width = `${bar.dataset['share'] ?? '0'}%`;
  }
}

/** The element stays and gets what the new one has: only so is a change of its state read out. */
function replace(old: Element, { attributes, innerHTML }: Element): void {
  const active = document.activeElement;
  const focused = active !== null && old.contains(active) ? selectorOf(active) : undefined;
  const log = old.querySelector('.log');
  const follows = log !== null && log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
  const scrolled = log?.scrollTop ?? 0;
  for (const { name, value } of attributes) old.setAttribute(name, value);
  if (old.innerHTML !== innerHTML) old.innerHTML = innerHTML;
  const newLog = old.querySelector('.log');
  if (newLog !== null) newLog.scrollTop = follows || log === null ? newLog.scrollHeight : scrolled;
  if (focused === undefined) return;
  // What could be done may be over, such as cancelling: then the keyboard goes to what comes first now.
  const again = old.querySelector<HTMLElement>(focused) ?? old.querySelector<HTMLElement>('button');
  again?.focus({ preventScroll: true });
}

function selectorOf(element: Element): string {
  const command = element instanceof HTMLElement ? element.dataset['command'] : undefined;
  return command === undefined ? 'pre' : `[data-command="${command}"]`;
}
