import { join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The parts of a VS Code window that the tests touch, found the way a person or a screen reader finds them. */
export class Workbench {
  readonly page: Page;
  readonly #pictures: string;

  constructor(page: Page, pictures: string) {
    this.page = page;
    this.#pictures = pictures;
  }

  /** Waits for the workbench and for our place in the activity bar: menus opened before that lack our entries. */
  async ready(): Promise<void> {
    await this.activity('Appliance Forge').waitFor();
  }

  /** Keeps a picture of the window in test-results/e2e. */
  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: join(this.#pictures, `${name}.png`) });
  }

  /** A place in the activity bar; with a badge its name goes on after the title. */
  activity(title: string): Locator {
    return this.page.getByRole('tablist', { name: 'Active View Switcher' }).getByRole('tab', {
      name: new RegExp(`^${title}`),
    });
  }

  async showExplorer(): Promise<void> {
    await this.page.keyboard.press('Control+Shift+E');
  }

  /** A row of whatever tree is shown: the Explorer, Images, Problems. */
  row(name: string | RegExp): Locator {
    return this.page.getByRole('treeitem', { name });
  }

  /** Opens folders of the open workspace, `examples`, one after the other and returns the row of the last part. */
  async file(...path: string[]): Promise<Locator> {
    await this.showExplorer();
    const row = (depth: number) => {
      const label = `/examples/${path.slice(0, depth).join('/')}`;
      // Decorations follow the path: “… • 4 problems in this file”.
      const labelled = this.page.locator(`[aria-label$="${label}"], [aria-label*="${label} "]`);
      return this.page
        .getByRole('tree', { name: 'Files Explorer' })
        .getByRole('treeitem')
        .filter({ has: labelled });
    };
    for (let depth = 1; depth < path.length; depth++) {
      await row(depth).waitFor();
      // A view that comes to the front at the same moment swallows the click.
      await this.until(async () => {
        if ((await row(depth).getAttribute('aria-expanded')) === 'true') return true;
        await row(depth).click();
        return appears(row(depth + 1), 1_000);
      });
    }
    return row(path.length);
  }

  /** Drags the edge of the side bar. `by`: pixels to the right. */
  async widenSideBar(by: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (!box) throw new Error('There is no side bar.');
    const [x, y] = [box.x + box.width + 1, box.y + box.height / 2];
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + by, y, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Opens the context menu of a row until it has the entry: it is filled once, when it opens. */
  async contextMenu(row: Locator, entry: string): Promise<Locator> {
    // Its shortcut, where it has one, is part of its name.
    const name = new RegExp(
      `^${entry.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:[ ,]+(?:(?:Ctrl|Shift|Alt|Cmd)\\+.+|Enter|Delete))?$`,
    );
    const item = this.page.getByRole('menuitem', { name });
    for (let attempt = 0; attempt < 10; attempt++) {
      await row.click({ button: 'right' });
      if (await appears(item, 2_000)) return item;
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`The context menu has no entry “${entry}”.`);
  }

  /** Chooses an entry of the open context menu. A menu that has just opened swallows the click. */
  async choose(entry: Locator): Promise<void> {
    for (let attempt = 0; attempt < 5 && (await entry.isVisible()); attempt++) {
      await entry.click();
      await entry.waitFor({ state: 'detached', timeout: 1_000 }).catch(() => undefined);
    }
  }

  /** A button that a row shows while the pointer is on it. */
  async inlineAction(row: Locator, title: string): Promise<Locator> {
    await row.hover();
    return row.getByRole('button', { name: title });
  }

  statusBarItem(name: RegExp): Locator {
    return this.page.getByRole('status').getByRole('button', { name });
  }

  notification(text: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name: /, notification/ }).filter({ hasText: text });
  }

  /** Runs a command as a person does who knows its name. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.#input.fill(`>${title}`);
    await this.option(title).waitFor();
    await this.#input.press('Enter');
  }

  /** The text of the active editor, as it is drawn. */
  get editor(): Locator {
    return this.page.getByRole('main').getByRole('code').first();
  }

  /** A command above a line of the editor. */
  codeLens(title: string): Locator {
    return this.editor.getByRole('button', { name: title }).first();
  }

  /** The terminal that shows a text: its lines have no roles. Without `gpuAcceleration` only. */
  terminal(text: string): Locator {
    return this.page.locator('.xterm-rows').filter({ hasText: text }).first();
  }

  /** The page of the active editor that is a form. */
  webview(): FrameLocator {
    return this.page.locator('iframe.webview.ready').last().contentFrame().frameLocator('#active-frame');
  }

  /** The input that asks something. */
  question(text: string | RegExp): Locator {
    return this.page.getByPlaceholder(text).or(this.page.getByText(text)).first();
  }

  /** Waits for a question with an input and answers it; the empty text takes what is proposed. */
  async answer(question: string, text: string): Promise<void> {
    await this.question(question).waitFor();
    if (text !== '') await this.#input.fill(text);
    await this.#input.press('Enter');
  }

  /** What stands where a person types. */
  async typed(): Promise<string> {
    return this.#input.inputValue();
  }

  /** Where a person types what VS Code asks for. What it stands in has no role and no name. */
  get #input(): Locator {
    const widget = this.page.locator('.quick-input-widget');
    return widget.getByRole('textbox').or(widget.getByRole('combobox')).first();
  }

  /** A row of the list that is asked from. */
  option(name: string): Locator {
    const list = this.page.getByRole('listbox');
    // Where several can be picked, rows are check boxes.
    return list.getByRole('option', { name }).or(list.getByRole('checkbox', { name })).first();
  }

  async pick(name: string): Promise<void> {
    await this.option(name).click({ timeout: 60_000 });
  }

  /** Waits until something is so that no locator sees, such as a file's text. */
  async until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error('Waited 15 s in vain.');
      await this.page.waitForTimeout(100);
    }
  }

  modalDialog(): Locator {
    return this.page
      .getByRole('dialog')
      .filter({ has: this.page.getByRole('button', { name: 'Close Dialog' }) });
  }
}

/** Whether something becomes visible in time, ms. */
export async function appears(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}
