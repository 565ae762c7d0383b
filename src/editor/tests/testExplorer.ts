import * as vscode from 'vscode';
import { templateLanguageOf } from '../../appliance/find/definitions.ts';
import { testName } from '../../appliance/template/model/testKinds.ts';
import { parseTemplate } from '../../appliance/template/parseTemplate.ts';
import { InputError } from '../../generate/inputError.ts';
import { templateOf, testedTemplate } from '../../generate/testedTemplate.ts';
import { imageOf, MachineError, testImage, type Outcome } from '../../machines/index.ts';
import { applianceLabel, type Ticket } from '../../tickets/ticket.ts';
import type { Translations } from '../../uforge/language/sentence.ts';
import { messageOf } from '../../uforge/messageOf.ts';
import { visibleLine, visibleText } from '../../uforge/visibleText.ts';
import { isThere, readShown, templateLimit } from '../definitions/read.ts';
import { toRange } from '../definitions/ranges.ts';
import { assertTrusted } from '../definitions/trust.ts';
import { displayLanguage } from '../displayLanguage.ts';
import { Refusal, offer } from '../errors.ts';
import { inform, warn } from '../messages.ts';
import { abortOn } from '../progress.ts';
import type { ImageTestsContext } from './imageTests.ts';

/** A format of a template, and the checks of its image. */
interface FormatItem {
  readonly file: string;
  readonly format: string;
}

const templateGlob = '**/template.{yml,yaml,json}';
const host = { read: readShown, stopAt: templateLimit };

/** Template, format, check: the rows of the Test Explorer, and what runs them. */
export class TestExplorer {
  readonly #controller: vscode.TestController;
  readonly #profile: vscode.TestRunProfile;
  readonly #context: ImageTestsContext;
  readonly #formats = new WeakMap<vscode.TestItem, FormatItem>();

  constructor(controller: vscode.TestController, profile: vscode.TestRunProfile, context: ImageTestsContext) {
    this.#controller = controller;
    this.#profile = profile;
    this.#context = context;
  }

  /** Finds the templates of the workspace that say what a good image does. */
  async discover(): Promise<void> {
    const found = await vscode.workspace.findFiles(templateGlob);
    const known = [...this.#controller.items].map(([, { uri }]) => uri).filter((uri) => uri !== undefined);
    for (const uri of [...known, ...found]) await this.update(uri);
  }

  /** Reads a template anew. One with an error keeps the rows it has. */
  async update(uri: vscode.Uri): Promise<void> {
    // What is packed and downloaded is on a disk.
    if (uri.scheme !== 'file') return;
    const id = uri.toString();
    if (!(await isThere(uri))) {
      this.#controller.items.delete(id);
      return;
    }
    const language = templateLanguageOf(uri.path) ?? 'yaml';
    const { template, rangeAt } = parseTemplate(await readShown(uri.fsPath), language);
    if (template === undefined) return;
    const { tests = [], builders = [], stack } = template;
    if (tests.length === 0) {
      this.#controller.items.delete(id);
      return;
    }
    const item = this.#controller.createTestItem(id, visibleLine(`${stack.name} ${stack.version}`), uri);
    item.description = vscode.workspace.asRelativePath(uri);
    const checks = tests.map((test, index) => ({
      label: visibleLine(testName(test)),
      range: toRange(rangeAt(['tests', index])),
    }));
    for (const format of new Set(builders.map(({ type }) => type))) {
      item.children.add(this.#formatItem(uri, format, checks));
    }
    this.#controller.items.add(item);
  }

  /** Whether the definition of an image says anything of it. */
  async hasTests(ticket: Ticket): Promise<boolean> {
    return testedTemplate(definitionOf(ticket), host).then(
      () => true,
      (error: unknown) => {
        if (error instanceof InputError) return false;
        throw error;
      },
    );
  }

  /** Tests the image of a ticket, and tells how it went. */
  async test(ticket: Ticket): Promise<boolean> {
    const { file } = await testedTemplate(definitionOf(ticket), host);
    const uri = vscode.Uri.file(file);
    await this.update(uri);
    const template = this.#controller.items.get(uri.toString());
    const { targetFormat: format } = ticket;
    if (template === undefined) throw new Refusal(vscode.l10n.t('{0} has an error.', file));
    const item = template.children.get(`${uri.toString()}#${format}`) ?? this.#further(template, uri, format);
    const request = new vscode.TestRunRequest([item], undefined, this.#profile);
    const outcomes = await this.#run(request, ticket);
    const passed = outcomes.filter(({ state }) => state === 'passed').length;
    const label = `${applianceLabel(ticket)} · ${format}`;
    const message = vscode.l10n.t('{0}: {1} of {2} checks passed.', label, passed, item.children.size);
    const show = {
      title: vscode.l10n.t('Show Results'),
      run: () => vscode.commands.executeCommand('workbench.panel.testResults.view.focus'),
    };
    const isGood = passed === item.children.size;
    void offer(isGood ? inform : warn, message, [show]);
    return isGood;
  }

  /** Never rejects. */
  async run(request: vscode.TestRunRequest): Promise<void> {
    await this.#run(request);
  }

  /** A format that no builder of the template has: a request's. */
  #further(template: vscode.TestItem, uri: vscode.Uri, format: string): vscode.TestItem {
    const [like] = [...template.children].map(([, item]) => item);
    const checks = [...(like?.children ?? [])].map(([, { label, range }]) => ({ label, range }));
    const item = this.#formatItem(uri, format, checks);
    template.children.add(item);
    return item;
  }

  #formatItem(
    uri: vscode.Uri,
    format: string,
    checks: readonly { readonly label: string; readonly range: vscode.Range | undefined }[],
  ): vscode.TestItem {
    const id = `${uri.toString()}#${format}`;
    const item = this.#controller.createTestItem(id, visibleLine(format), uri);
    this.#formats.set(item, { file: uri.fsPath, format });
    checks.forEach(({ label, range }, index) => {
      const check = this.#controller.createTestItem(`${id}#${index}`, label, uri);
      check.range = range;
      // The Test Explorer sorts by name unless told: they run in the order of the template.
      check.sortText = String(index).padStart(5, '0');
      item.children.add(check);
    });
    return item;
  }

  /** One machine after the other: a template has as many formats as it likes. */
  async #run(request: vscode.TestRunRequest, ticket?: Ticket): Promise<readonly Outcome[]> {
    const run = this.#controller.createTestRun(request);
    const outcomes: Outcome[] = [];
    try {
      const wanted = this.#wanted(request);
      for (const checks of wanted.values()) checks.forEach((check) => run.enqueued(check));
      using cancelled = abortOn(run.token);
      for (const [item, checks] of wanted) {
        outcomes.push(...(await this.#runFormat(item, checks, run, cancelled.signal, ticket)));
      }
    } finally {
      run.end();
    }
    return outcomes;
  }

  /** The checks that are asked for, by their format; those of a template are those of all its formats. */
  #wanted({ include, exclude = [] }: vscode.TestRunRequest): Map<vscode.TestItem, vscode.TestItem[]> {
    const wanted = new Map<vscode.TestItem, vscode.TestItem[]>();
    const add = (item: vscode.TestItem): void => {
      if (exclude.includes(item)) return;
      if (item.children.size > 0) item.children.forEach(add);
      else if (item.parent !== undefined) wanted.set(item.parent, [...(wanted.get(item.parent) ?? []), item]);
    };
    if (include === undefined) this.#controller.items.forEach(add);
    else include.forEach(add);
    return wanted;
  }

  /** Never rejects: why the checks of a format can't be made is said with each of them. */
  async #runFormat(
    item: vscode.TestItem,
    checks: readonly vscode.TestItem[],
    run: vscode.TestRun,
    signal: AbortSignal,
    ticket?: Ticket,
  ): Promise<readonly Outcome[]> {
    const { tested, clock } = this.#context;
    const language = await displayLanguage();
    const format = this.#formats.get(item);
    if (format === undefined) return [];
    const byPlace = new Map(checks.map((check) => [Number(check.id.split('#').at(-1)), check]));
    try {
      signal.throwIfAborted();
      assertTrusted(vscode.l10n.t('Images are only tested in a workspace you trust.'));
      const { template, tests } = await testedTemplate(format.file, host);
      const image = ticket ?? (await this.#newest(format));
      const path = await this.#context.downloads.fileOf(image);
      if (path === undefined) throw new Refusal(vscode.l10n.t('The image has not been downloaded.'));
      const places = [...byPlace.keys()].filter((place) => place < tests.length).sort((a, b) => a - b);
      const itemOf = (index: number): vscode.TestItem | undefined => byPlace.get(places[index] ?? -1);
      const { outcomes } = await testImage(imageOf(template, path, format.format), template, {
        ...{ clock, signal },
        tests: tests.filter((_, place) => places.includes(place)),
        progress: (said) => run.appendOutput(`${visibleLine(said.in(language))}\r\n`),
        onStart: (index) => started(run, itemOf(index)),
        onOutcome: (outcome) => tell(run, itemOf(outcome.index), outcome, language),
      });
      const passed = outcomes.filter(({ state }) => state === 'passed').length;
      if (outcomes.length === tests.length) await tested.remember(image, passed, tests.length);
      return outcomes;
    } catch (error) {
      if (signal.aborted) {
        checks.forEach((check) => run.skipped(check));
        return [];
      }
      const said = error instanceof MachineError ? error.said.in(language) : messageOf(error);
      const detail = error instanceof MachineError ? error.detail : '';
      const message = new vscode.TestMessage(visibleText(`${said}\n\n${detail}`.trim()));
      checks.forEach((check) => run.errored(check, message));
      return [];
    }
  }

  /** The image that was made last of a template for a format. */
  async #newest({ file, format }: FormatItem): Promise<Ticket> {
    const candidates = this.#context.store
      .all()
      .filter((ticket) => ticket.downloadable && ticket.targetFormat === format && ticket.definition)
      .toSorted((a, b) => b.created.localeCompare(a.created));
    for (const ticket of candidates) {
      if ((await templateOf(definitionOf(ticket), host)) === file) return ticket;
    }
    const name = vscode.workspace.asRelativePath(file);
    throw new Refusal(
      vscode.l10n.t('There is no finished image of {0} for {1}. Generate it first.', name, format),
    );
  }
}

function definitionOf({ definition = '' }: Ticket): string {
  return vscode.Uri.parse(definition).fsPath;
}

function started(run: vscode.TestRun, item: vscode.TestItem | undefined): void {
  if (item === undefined) return;
  run.started(item);
  run.appendOutput(`\r\n${visibleLine(item.label)}\r\n`);
}

function tell(
  run: vscode.TestRun,
  item: vscode.TestItem | undefined,
  { state, said, output, durationMs, console }: Outcome,
  language: Translations,
): void {
  if (item === undefined) return;
  const sentence = said.in(language);
  const print = (text: string): void =>
    run.appendOutput(`${visibleText(text).replaceAll('\n', '\r\n')}\r\n`, undefined, item);
  print([sentence, output.trimEnd()].filter((part) => part !== '').join('\n'));
  if (state === 'passed') {
    run.passed(item, durationMs);
    return;
  }
  const parts = [
    sentence,
    output.trim(),
    console && `${vscode.l10n.t('The console’s last lines:')}\n${console}`,
  ];
  const message = new vscode.TestMessage(visibleText(parts.filter((part) => part).join('\n\n')));
  if (item.uri && item.range) message.location = new vscode.Location(item.uri, item.range);
  if (state === 'failed') run.failed(item, message, durationMs);
  else run.errored(item, message, durationMs);
}
