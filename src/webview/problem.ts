import type { PageProblem } from '../editor/form/pageMessages.ts';
import { element, vscode } from './dom.ts';

/** What is wrong, where, and the ways out. */
export function problemBox({ severity, message, place, line, fixes }: PageProblem): HTMLElement {
  const link = element('button', { type: 'button', className: 'link', textContent: place });
  link.addEventListener('click', () => vscode.postMessage({ type: 'reveal', line }));
  const text = element('p', { textContent: `${message} ` }, link);
  const buttons = fixes.map((fix) => {
    const button = element('button', { type: 'button', className: 'fix', textContent: fix.title });
    button.addEventListener('click', () => vscode.postMessage({ type: 'fix', fix, line }));
    return button;
  });
  return element('div', { className: `problem ${severity}` }, text, ...buttons);
}

/** A place for problems that screen readers speak of when they come. */
export function problemPlace(): HTMLElement {
  const place = element('div', { className: 'problems' });
  place.setAttribute('aria-live', 'polite');
  return place;
}
