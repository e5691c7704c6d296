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
    const browser = await chromium.launch(inject('browser'));
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const workbench = new WorkbenchPage(page, browser);
    await page.goto(address);
    await workbench.file('README.md').waitFor({ timeout: 60_000 });
    return workbench;
  }

  /** A file in the explorer. */
  file(name: string): Locator {
    return this.page.locator('.explorer-folders-view').getByRole('treeitem', { name });
  }

  /** Opens a file from the explorer and puts the cursor into it. */
  async openFile(name: string): Promise<void> {
    await this.file(name).dblclick();
    await this.page.getByRole('tab', { name }).waitFor();
    await this.page.locator('.monaco-editor .view-lines').first().click();
  }

  /** The text of a line of the editor as the screen shows it, counted from 1 at the top; long lines are folded. */
  async line(number: number): Promise<string> {
    const lines = await this.page
      .locator('.monaco-editor .view-lines .view-line')
      .evaluateAll((elements: Element[]) =>
        elements
          .map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent }))
          .sort((a, b) => a.top - b.top)
          .map(({ text }) => text.replace(/\u00a0/g, ' ')),
      );
    return lines[number - 1] ?? '';
  }

  /** Selects a whole line with the keyboard. */
  async selectLine(number: number): Promise<void> {
    const { keyboard } = this.page;
    await keyboard.press('Control+Home');
    for (let below = 1; below < number; below++) await keyboard.press('ArrowDown');
    await keyboard.press('Home');
    await keyboard.press('Shift+End');
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
      await this.page.keyboard.press('F1');
      await palette.locator('input').waitFor();
      await this.page.keyboard.type(title);
      const found = entries.filter({ hasText: title }).first();
      const offered = await found.waitFor({ timeout: 3000 }).then(
        () => entries.allInnerTexts(),
        () => undefined,
      );
      await this.page.keyboard.press(offered === undefined ? 'Escape' : 'Enter');
      if (offered !== undefined) return offered;
      if (attempt === 10) throw new Error(`The palette does not offer “${title}”.`);
    }
  }

  /** Saves a picture, after the half second that notifications take to slide in. */
  async picture(file: string): Promise<void> {
    await this.page.waitForTimeout(500);
    await this.page.screenshot({ path: file });
  }

  /** What the notifications say. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notification-toast .notification-list-item-message').allInnerTexts();
  }
}
