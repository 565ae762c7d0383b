import type { TicketState } from '../../../tickets/state.ts';
import { escapeHtml } from '../../escapeHtml.ts';

/** A row of a table: a name and what there is to say. */
export type Row = readonly [name: string, value: string];

/** A stage with its share of the time. */
export interface StageBar {
  readonly name: string;
  /** `0:42` */
  readonly duration: string;
  /** Of the whole time, 0 to 100. */
  readonly from: number;
  readonly share: number;
  readonly state: 'ended' | 'running' | 'failed';
}

/** What a ticket's page shows. All texts are plain: they are escaped here. */
export interface TicketPageContent {
  readonly title: string;
  readonly subtitle: string;
  /** `codicon` is a character; the word beside it says the same. */
  readonly state: {
    readonly name: TicketState;
    readonly label: string;
    readonly mark: string;
  };
  readonly percentage?: number;
  readonly error?: { readonly message: string; readonly detail?: string };
  /** What matters most in this state comes first. */
  readonly actions: readonly {
    readonly command: string;
    readonly label: string;
    readonly primary?: boolean;
  }[];
  readonly stages: readonly StageBar[];
  readonly sections: readonly {
    readonly title: string;
    readonly rows?: readonly Row[];
    readonly text?: string;
    readonly none?: string;
  }[];
  readonly words: {
    readonly stages: string;
    readonly progress: string;
    readonly actions: string;
    readonly more: string;
    readonly noStages: string;
  };
}

/** The page asks for its content once it runs, and tells which of the actions it was asked for. */
export type FromTicketPage = { readonly ready: true } | { readonly command: string };

/** The parts of the page, each with an id: src/webview/ticketPage.ts leaves alone what has not changed. */
export interface ToTicketPage {
  readonly html: string;
}

/** So many actions are buttons; the others are behind one more. */
const shownActions = 3;

/** The page's content as HTML; its state and its failure are read out when they change. */
export function ticketHtml(content: TicketPageContent): string {
  const { title, subtitle, state, percentage, error, actions, stages, sections, words } = content;
  const bar =
    percentage === undefined
      ? ''
      : `<progress id="progress" max="100" value="${percentage}" aria-label="${escapeHtml(words.progress)}">${percentage} %</progress>`;
  const failure =
    error === undefined
      ? ''
      : `<section id="failure" class="failure" role="alert"><p>${escapeHtml(error.message)}</p>${
          error.detail === undefined ? '' : `<pre tabindex="0">${escapeHtml(error.detail)}</pre>`
        }</section>`;
  const buttons = actions.map(
    ({ command, label, primary }) =>
      `<button type="button" data-command="${escapeHtml(command)}"${primary === true ? ' class="primary"' : ''}>${escapeHtml(label)}</button>`,
  );
  const more = buttons.slice(shownActions).join('');
  const menu =
    more === '' ? '' : `<details><summary>${escapeHtml(words.more)}</summary><div>${more}</div></details>`;
  const bars =
    stages.length === 0
      ? `<p class="none">${escapeHtml(words.noStages)}</p>`
      : `<ol class="stages">${stages.map(stageItem).join('')}</ol>`;
  return `<header id="head"><h1>${escapeHtml(title)}</h1><p class="subtitle">${escapeHtml(subtitle)}</p></header>
<p id="state" class="state ${state.name}" role="status"><span aria-hidden="true">${state.mark}</span> ${escapeHtml(state.label)}</p>
${bar}
<nav id="actions" aria-label="${escapeHtml(words.actions)}">${buttons.slice(0, shownActions).join('')}${menu}</nav>
${failure}
${sectionHtml('stages', words.stages, bars)}
${sections.map((section, index) => sectionHtml(`section-${index}`, section.title, contentOf(section))).join('\n')}`;
}

/** Where a bar begins and how long it is goes into data: the page’s policy allows no styles in attributes. */
function stageItem({ name, duration, from, share, state }: StageBar): string {
  const bar = `<span class="bar" data-from="${from.toFixed(1)}" data-share="${Math.max(0.5, share).toFixed(1)}"></span>`;
  return `<li class="${state}"><span class="name">${escapeHtml(name)}</span><span class="track">${bar}</span><span class="duration">${escapeHtml(duration)}</span></li>`;
}

function sectionHtml(id: string, title: string, content: string): string {
  return `<section id="${id}" aria-label="${escapeHtml(title)}"><h2>${escapeHtml(title)}</h2>${content}</section>`;
}

function contentOf({ rows = [], text, none }: TicketPageContent['sections'][number]): string {
  const table =
    rows.length === 0
      ? ''
      : `<table>${rows.map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`).join('')}</table>`;
  const pre = text === undefined ? '' : `<pre tabindex="0" class="log">${escapeHtml(text)}</pre>`;
  return table === '' && pre === '' ? `<p class="none">${escapeHtml(none ?? '')}</p>` : `${table}${pre}`;
}
