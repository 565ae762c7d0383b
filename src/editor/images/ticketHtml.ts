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
  /** Which ticket it is: kept with the page, so that it comes back after a reload. */
  readonly key: string;
  readonly title: string;
  readonly subtitle: string;
  /** `codicon` is a character; the word beside it says the same. */
  readonly state: {
    readonly name: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
    readonly label: string;
    readonly mark: string;
  };
  readonly percentage?: number;
  readonly error?: { readonly message: string; readonly detail?: string };
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
  readonly words: { readonly stages: string; readonly progress: string; readonly noStages: string };
}

/** The page as HTML. Scripts run only with the nonce, and nothing is loaded from anywhere. */
export function ticketHtml(content: TicketPageContent, nonce: string, language: string): string {
  const { key, title, subtitle, state, percentage, error, actions, stages, sections, words } = content;
  const bar =
    percentage === undefined
      ? ''
      : `<progress max="100" value="${percentage}" aria-label="${escape(words.progress)}">${percentage} %</progress>`;
  const failure =
    error === undefined
      ? ''
      : `<section class="failure" role="alert"><p>${escape(error.message)}</p>${
          error.detail === undefined ? '' : `<pre>${escape(error.detail)}</pre>`
        }</section>`;
  const buttons = actions
    .map(
      ({ command, label, primary }) =>
        `<button type="button" data-command="${escape(command)}"${primary === true ? ' class="primary"' : ''}>${escape(label)}</button>`,
    )
    .join('');
  return `<!DOCTYPE html>
<html lang="${escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<title>${escape(title)}</title>
<style nonce="${nonce}">${style}${stages.map(barStyle).join('')}</style>
</head>
<body data-key="${escape(key)}">
<header>
<h1>${escape(title)}</h1>
<p class="subtitle">${escape(subtitle)}</p>
<p class="state ${state.name}"><span aria-hidden="true">${state.mark}</span> ${escape(state.label)}</p>
${bar}
<nav>${buttons}</nav>
</header>
${failure}
<section><h2>${escape(words.stages)}</h2>${stages.length === 0 ? `<p class="none">${escape(words.noStages)}</p>` : `<ol class="stages">${stages.map(stageItem).join('')}</ol>`}</section>
${sections.map(sectionHtml).join('\n')}
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}

function stageItem({ name, duration, state }: StageBar, index: number): string {
  return `<li class="${state}"><span class="name">${escape(name)}</span><span class="track"><span class="bar b${index}"></span></span><span class="duration">${escape(duration)}</span></li>`;
}

/** Styles in attributes are not allowed by the page's policy, and better so. */
function barStyle({ from, share }: StageBar, index: number): string {
  return `.b${index}{margin-left:${from.toFixed(1)}%;width:${Math.max(0.5, share).toFixed(1)}%}`;
}

function sectionHtml({ title, rows, text, none }: TicketPageContent['sections'][number]): string {
  const table =
    rows === undefined || rows.length === 0
      ? ''
      : `<table>${rows.map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`).join('')}</table>`;
  const pre = text === undefined ? '' : `<pre tabindex="0">${escape(text)}</pre>`;
  const empty = table === '' && pre === '' ? `<p class="none">${escape(none ?? '')}</p>` : '';
  return `<section><h2>${escape(title)}</h2>${table}${pre}${empty}</section>`;
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

const style = `
body{font:var(--vscode-font-size)/1.5 var(--vscode-font-family);color:var(--vscode-foreground);max-width:60em;margin:0 auto;padding:1em 2em 3em}
h1{font-size:1.7em;font-weight:600;margin:.4em 0 0}
h2{font-size:1.1em;font-weight:600;margin:2em 0 .5em;padding-bottom:.3em;border-bottom:1px solid var(--vscode-panel-border,var(--vscode-contrastBorder))}
.subtitle,.none{color:var(--vscode-descriptionForeground);margin:.1em 0}
.state{font-weight:600;margin:.8em 0 .4em}
.state.done{color:var(--vscode-charts-green)}.state.failed{color:var(--vscode-testing-iconFailed,var(--vscode-errorForeground))}
.state.running{color:var(--vscode-charts-blue)}.state.waiting{color:var(--vscode-charts-yellow)}.state.cancelled{color:var(--vscode-descriptionForeground)}
progress{width:100%;height:6px;accent-color:var(--vscode-progressBar-background)}
nav{display:flex;flex-wrap:wrap;gap:.5em;margin:1em 0}
button{font:inherit;padding:.3em .9em;border-radius:2px;border:1px solid var(--vscode-button-border,var(--vscode-contrastBorder,transparent));color:var(--vscode-button-secondaryForeground);background:var(--vscode-button-secondaryBackground);cursor:pointer}
button.primary{color:var(--vscode-button-foreground);background:var(--vscode-button-background)}
button:hover{background:var(--vscode-button-secondaryHoverBackground)}button.primary:hover{background:var(--vscode-button-hoverBackground)}
button:focus-visible,pre:focus-visible{outline:1px solid var(--vscode-focusBorder);outline-offset:2px}
.failure{border-left:3px solid var(--vscode-testing-iconFailed,var(--vscode-errorForeground));padding:.1em 1em;background:var(--vscode-inputValidation-errorBackground)}
pre{font:var(--vscode-editor-font-size)/1.45 var(--vscode-editor-font-family);white-space:pre-wrap;overflow:auto;max-height:24em;margin:.5em 0;padding:.7em 1em;background:var(--vscode-textCodeBlock-background);border:1px solid var(--vscode-contrastBorder,transparent)}
ol.stages{list-style:none;margin:0;padding:0}
ol.stages li{display:grid;grid-template-columns:minmax(10em,18em) 1fr 5em;gap:1em;align-items:center;padding:.15em 0}
.track{background:var(--vscode-editorWidget-background);border:1px solid var(--vscode-contrastBorder,transparent);height:.7em;border-radius:2px;overflow:hidden;display:block}
.bar{display:block;height:100%;background:var(--vscode-charts-green)}
li.running .bar{background:var(--vscode-charts-blue)}li.failed .bar{background:var(--vscode-charts-red)}
li.failed .name{color:var(--vscode-errorForeground)}
.duration{text-align:right;font-variant-numeric:tabular-nums;color:var(--vscode-descriptionForeground)}
table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:normal;color:var(--vscode-descriptionForeground);width:14em;vertical-align:top}
th,td{padding:.2em 1em .2em 0;overflow-wrap:anywhere}
`;

const script = `
const vscode = acquireVsCodeApi();
document.addEventListener('click', ({ target }) => {
  const command = target.closest('[data-command]')?.dataset.command;
  if (command) vscode.postMessage({ command });
});
const log = [...document.querySelectorAll('pre')].at(-1);
if (log) log.scrollTop = log.scrollHeight;
const { key } = document.body.dataset;
const keep = () => vscode.setState({ key, top: scrollY });
scrollTo(0, vscode.getState()?.top ?? 0);
keep();
addEventListener('scroll', keep);
`;
