import type { FromPage, Page } from '../editor/form/pageMessages.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** The extension's side. What `setState` keeps is there again when a hidden page is shown. */
export const vscode = acquireVsCodeApi();

let asked = 0;

/** Asks for a change of the text. */
export function ask(message: FromPage): void {
  asked++;
  vscode.postMessage(message);
}

/** Whether every change that was asked for has been made, or found to be none. */
export function isAnswered({ answered }: Page): boolean {
  return answered >= asked;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A button that is a sign; `title` is what it does, for the pointer and for screen readers. */
export function signButton(sign: string, title: string, act: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', className: 'sign', textContent: sign, title });
  button.setAttribute('aria-label', title);
  button.addEventListener('click', act);
  return button;
}

/** An id in the page for a path in the request. */
export function domId(path: string): string {
  return `at-${path.replaceAll(/[^\w]/g, '-')}`;
}
