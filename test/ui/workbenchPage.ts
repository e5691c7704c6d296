/**
 * The workbench in a browser, used with mouse and keyboard as a person does.
 */
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    browser: { executablePath: string; args: string[] };
  }
}

/** What is used of a DOM element: the DOM's own types would let the other rooms use it too. */
interface Element {
  readonly textContent: string;
  getBoundingClientRect(): { readonly top: number };
}

export class WorkbenchPage {
  private constructor(
    readonly page: Page,
    readonly browser: Browser,
  ) {}

  /** Opens the address and waits until the workbench shows the workspace's files. */
  static async open(address: string): Promise<WorkbenchPage> {
    const workbench = await WorkbenchPage.blank();
    await workbench.page.goto(address);
    await workbench.file('README.md').waitFor({ timeout: 60_000 });
    return workbench;
  }

  /** A browser that shows nothing yet. */
  static async blank(): Promise<WorkbenchPage> {
    const browser = await chromium.launch(inject('browser'));
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(20_000);
    return new WorkbenchPage(page, browser);
  }

  /** A file in the explorer. */
  file(name: string): Locator {
    return this.page.locator('.explorer-folders-view').getByRole('treeitem', { name });
  }

  /** Opens a file from the explorer and puts the cursor into it. */
  async openFile(name: string): Promise<void> {
    const tab = this.page.getByRole('tab', { name, selected: true });
    const text = this.page.locator('.editor-instance .monaco-editor .view-lines').first();
    for (let attempt = 1; ; attempt++) {
      await this.file(name).dblclick();
      // A busy machine may draw the explorer anew between the two clicks, and an editor without its text.
      if ((await comes(tab, 5000)) && (await comes(text.filter({ hasText: /\S/ }), 5000))) break;
      if (attempt === 5) throw new Error(`${name} does not open.`);
    }
    await text.click();
  }

  /** The text of a line of the editor as the screen shows it, counted from 1 at the top; long lines are folded. */
  async line(number: number): Promise<string> {
    return (await this.lines())[number - 1] ?? '';
  }

  /** What the page shows, for the report of a test that failed where nobody can look at its picture. */
  async shown(): Promise<string> {
    const tabs = this.page.getByRole('tab');
    const parts = {
      tabs: await tabs.evaluateAll((elements: Element[]) => elements.map((tab) => tab.textContent)),
      lines: await this.lines(),
      notifications: await this.notifications(),
      'status bar': await this.page.locator('.statusbar').allInnerTexts(),
    };
    return Object.entries(parts)
      .map(([name, texts]) => `${name}: ${JSON.stringify(texts)}`)
      .join('\n');
  }

  private lines(): Promise<string[]> {
    return this.page
      .locator('.editor-instance .monaco-editor .view-lines .view-line')
      .evaluateAll((elements: Element[]) =>
        elements
          .map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent }))
          .sort((a, b) => a.top - b.top)
          .map(({ text }) => text.replace(/\u00a0/g, ' ')),
      );
  }

  /** Selects a whole line with the keyboard. */
  async selectLine(number: number): Promise<void> {
    const { keyboard } = this.page;
    const place = this.page.locator('.statusbar').getByText(`Ln ${number}, Col `).first();
    for (let attempt = 1; ; attempt++) {
      await keyboard.press('Control+Home');
      for (let below = 1; below < number; below++) await keyboard.press('ArrowDown');
      await keyboard.press('Home');
      await keyboard.press('Shift+End');
      // A busy machine is still drawing where the cursor was before.
      if (await comes(place, 4000)) return;
      if (attempt === 4) throw new Error(`The cursor does not come to line ${number}.`);
      // A palette that has just closed may not have given the keyboard back to the editor.
      await keyboard.press('Escape');
      await this.page.locator('.monaco-editor .view-lines').first().click();
    }
  }

  /**
   * Opens the command palette, types a command's title and runs it. The palette knows the commands of its
   * opening moment, so it is opened again while the extension is still on its way.
   *
   * @returns what the palette offered
   */
  async runFromPalette(title: string): Promise<string[]> {
    const palette = this.page.locator('.quick-input-widget');
    const entries = palette.locator('.monaco-list-row .label-name');
    for (let attempt = 1; ; attempt++) {
      const found = entries.filter({ hasText: title }).first();
      try {
        await this.page.keyboard.press('F1');
        // Into the palette itself: one that is just closing would leave what is typed to the editor.
        await palette.locator('input').first().fill(`>${title}`, { timeout: 5000 });
        await found.waitFor({ timeout: 3000 });
        const offered = await entries.allInnerTexts();
        await this.clickOnce(found);
        await found.waitFor({ state: 'hidden', timeout: 3000 });
        return offered;
      } catch {
        // No palette yet, or it does not offer that, or it closed because something else took the focus.
        await this.page.keyboard.press('Escape');
      }
      if (attempt === 10) throw new Error(`The palette does not offer “${title}”.`);
    }
  }

  /**
   * Opens the editor's context menu with the right mouse button, on the selection if there is one, else at the cursor,
   * follows its submenus and clicks the last entry. A menu knows the entries of its opening moment, so it is opened
   * again while the extension is still on its way.
   *
   * @param path the labels, from the menu's entry to the last submenu's
   */
  async contextMenu(path: readonly string[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.rightClick();
      if (await this.clickThroughMenu(path)) return;
      await this.closeMenus();
      if (attempt === 10) throw new Error(`The context menu does not offer “${path.join(' → ')}”.`);
    }
  }

  /** What the editor's context menu, or one of its submenus, offers now. Leaves no menu open. */
  async contextMenuEntries(path: readonly string[] = []): Promise<string[]> {
    const menus = this.page.locator('.monaco-menu');
    for (let attempt = 1; ; attempt++) {
      await this.rightClick();
      if (await this.hoverThroughMenu(path)) break;
      await this.closeMenus();
      if (attempt === 10) throw new Error(`The context menu does not offer “${path.join(' → ')}”.`);
    }
    const labels = menus
      .nth(path.length)
      .locator(':scope > .monaco-action-bar > ul > li > a > .action-label');
    const entries = (await labels.allInnerTexts())
      .map((label) => label.trim())
      .filter((label) => label !== '');
    await this.closeMenus();
    return entries;
  }

  /** An item of the status bar, by the name that a screen reader says: its text, or what its author gave it. */
  statusBarItem(name: string | RegExp): Locator {
    return this.page.locator('.statusbar').getByRole('button', { name }).first();
  }

  /**
   * Waits until a quick pick offers the choice, and clicks it.
   *
   * @returns the labels that it offered
   */
  async quickPick(choice: string): Promise<string[]> {
    const labels = this.page.locator('.quick-input-widget .monaco-list-row .label-name');
    const wanted = labels.filter({ hasText: new RegExp(`^\\s*${escape(choice)}\\s*$`) }).first();
    await wanted.waitFor({ timeout: 15_000 });
    const offered = await labels.allInnerTexts();
    await wanted.click();
    return offered;
  }

  /** Sets the colour theme, by its label in the list of themes: Light Modern, Dark Modern, Dark High Contrast. */
  async setTheme(name: string): Promise<void> {
    await this.runFromPalette('Preferences: Color Theme');
    const picker = this.page.locator('.quick-input-widget');
    // The list is there when the current theme is; until then, what is typed filters the palette.
    await picker.locator('input[placeholder*="Theme"]').waitFor();
    await this.page.keyboard.type(name);
    await this.quickPick(name);
    await picker.waitFor({ state: 'hidden' });
  }

  /**
   * Clicks what goes at the click. (Enter would take what fits best in the palette's opinion; and playwright's own click
   * looks afterwards whether the element was hit, does not find it, and may click the next one of that name.)
   */
  private async clickOnce(element: Locator): Promise<void> {
    const box = await element.boundingBox();
    if (box === null) throw new Error('There is nothing to click on.');
    await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  }

  private async rightClick(): Promise<void> {
    const editor = this.page.locator('.monaco-editor.focused');
    await editor.locator(':is(.selected-text, .cursor)').first().waitFor({ state: 'attached' });
    const selection = editor.locator('.selected-text').first();
    const place = (await selection.count()) > 0 ? selection : editor.locator('.cursor').first();
    const box = await place.boundingBox();
    if (box === null) throw new Error('There is neither a selection nor a cursor to click on.');
    await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { button: 'right' });
  }

  /** @returns whether the last submenu of the path is open */
  private async hoverThroughMenu(path: readonly string[]): Promise<boolean> {
    const menus = this.page.locator('.monaco-menu');
    try {
      await menus.first().waitFor({ timeout: 2000 });
      for (const [depth, label] of path.entries()) {
        await this.menuEntry(label).hover({ timeout: 2000 });
        await menus.nth(depth + 1).waitFor({ timeout: 2000 });
      }
      return true;
    } catch {
      return false;
    }
  }

  /** @returns whether all of the path was there */
  private async clickThroughMenu(path: readonly string[]): Promise<boolean> {
    for (const label of path) {
      const entry = this.menuEntry(label);
      if (!(await comes(entry, 2000))) return false;
      await entry.hover();
      // A menu takes no clicks in its first moment, lest the button that opened it picks an entry.
      await this.page.waitForTimeout(200);
      await entry.click();
    }
    await this.page.locator('.monaco-menu').first().waitFor({ state: 'detached' });
    return true;
  }

  private async closeMenus(): Promise<void> {
    while ((await this.page.locator('.monaco-menu').count()) > 0) await this.page.keyboard.press('Escape');
  }

  private menuEntry(label: string): Locator {
    // Its keys stand behind the label.
    return this.page.getByRole('menuitem', { name: new RegExp(`^${escape(label)}( |$)`) }).last();
  }

  /** Saves a picture, once what slides in or fades has done so, as notifications do. */
  async picture(file: string): Promise<void> {
    // Two frames bring what has been asked for; what turns without end is not waited for.
    await this.page
      .waitForFunction(settled, undefined, { timeout: 1000, polling: 50 })
      .catch(() => undefined);
    await this.page.screenshot({ path: file });
  }

  /** What the notifications say. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notification-toast .notification-list-item-message').allInnerTexts();
  }
}

/** In the page, whose types the tests do not have. */
const settled = `(async () => {
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  return document.getAnimations().every(({ playState, effect }) =>
    playState !== 'running' || effect?.getComputedTiming().endTime === Infinity);
})()`;

/** Whether the element shows within the time, in milliseconds. */
export function comes(element: Locator, timeout: number): Promise<boolean> {
  return element.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}

/** The text as a regular expression that matches it. */
function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
