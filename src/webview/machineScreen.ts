import RFB from '@novnc/novnc';
import type { FromScreenPage, ToScreenPage } from '../editor/machines/screenMessages.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromScreenPage): void };

const vscode = acquireVsCodeApi();
const main = document.querySelector('main') ?? document.body;
const words = document.body.dataset;

const bar = document.createElement('nav');
bar.setAttribute('aria-label', words['actions'] ?? '');
const keys = button(words['keys'] ?? '', () => screen.sendCtrlAltDel());
const size = button(words['full'] ?? '', () => {
  screen.scaleViewport = !screen.scaleViewport;
  size.textContent = (screen.scaleViewport ? words['full'] : words['fit']) ?? '';
});
const hint = document.createElement('span');
hint.textContent = words['release'] ?? '';
const state = document.createElement('p');
state.setAttribute('role', 'status');
const view = document.createElement('div');
view.className = 'screen';
bar.append(keys, size, hint);
main.append(bar, state, view);

/** The machine's VNC, carried by the web view's messages: they reach it wherever the machine runs. */
const channel = {
  binaryType: 'arraybuffer',
  protocol: '',
  readyState: 'connecting' as 'connecting' | 'open' | 'closing' | 'closed',
  onopen: null as (() => void) | null,
  onmessage: null as ((event: { readonly data: ArrayBuffer }) => void) | null,
  onclose: null as ((event: { readonly code: number; readonly reason: string }) => void) | null,
  onerror: null,
  // noVNC goes on to fill what it sends from.
  send: (bytes: Uint8Array) => vscode.postMessage({ bytes: bytes.slice() }),
  close: () => end(),
};
const screen = new RFB(view, channel);
screen.scaleViewport = true;
screen.background = 'transparent';
screen.addEventListener('connect', () => screen.focus());

window.addEventListener('message', ({ data }: MessageEvent<ToScreenPage>) => {
  if ('bytes' in data) {
    const { buffer, byteOffset, byteLength } = data.bytes;
    channel.onmessage?.({ data: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer });
  } else if ('open' in data) {
    channel.readyState = 'open';
    channel.onopen?.();
  } else {
    end();
    state.textContent = data.ended;
    for (const each of [keys, size]) each.disabled = true;
  }
});

// The screen takes every key, Tab included: without this the keyboard could not leave it.
window.addEventListener(
  'keydown',
  (event) => {
    if (!event.ctrlKey || !event.altKey || event.key.toLowerCase() !== 'g') return;
    event.stopImmediatePropagation();
    event.preventDefault();
    screen.blur();
    keys.focus();
  },
  { capture: true },
);
vscode.postMessage({ ready: true });

function end(): void {
  if (channel.readyState === 'closed') return;
  channel.readyState = 'closed';
  channel.onclose?.({ code: 1000, reason: '' });
}

function button(label: string, act: () => void): HTMLButtonElement {
  const made = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
  made.addEventListener('click', act);
  return made;
}
