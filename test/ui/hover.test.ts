/**
 * The hover as a person meets it: the pointer over a foreign comment, its picture in three kinds of themes, a click on its
 * links, and the keyboard alone. Leaves screenshots in test-results/.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartedVsCode } from './startedVsCode';
import { comes, WorkbenchPage } from './workbenchPage';

const root = path.resolve(import.meta.dirname, '../..');
const results = path.join(root, 'test-results', 'ui-hover');

const comment = [
  '// Die Datei konnte nicht geöffnet werden, weil sie von einem',
  '// anderen Programm verwendet wird.',
];
const code = `${comment.join('\n')}
export const inUse = 'EBUSY';

/**
 * Gibt die Namen aller Dateien zurück, die seit dem letzten Aufruf geändert
 * wurden. Verzeichnisse werden nicht berücksichtigt.
 */
export function changedFiles(): string[] {
  return [];
}

// Die Datei wurde im neuen Ordner nicht gefunden.
export const missing = 'ENOENT';
`;

/** What is used of a DOM element. */
interface Element {
  readonly naturalWidth: number;
  readonly clientWidth: number;
  readonly scrollWidth: number;
}

describe('the hover', () => {
  let started: StartedVsCode;
  let workbench: WorkbenchPage;
  const picture = (name: string): Promise<void> => workbench.picture(path.join(results, `${name}.png`));
  const hover = (): Locator =>
    workbench.page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: 'Replace' });

  beforeAll(async () => {
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    const workspace = path.join(results, 'workspace');
    cpSync(path.join(root, 'test', 'sample-workspace'), workspace, { recursive: true });
    writeFileSync(path.join(workspace, 'changes.ts'), code);
    started = new StartedVsCode(workspace, path.join(results, 'profile'));
    workbench = await WorkbenchPage.open(await started.address());
    await workbench.openFile('changes.ts');
  });

  afterAll(async () => {
    await picture('end').catch(() => undefined);
    await workbench.browser.close();
    await started.interrupt();
  });

  /** Moves the pointer over a word of the editor until the hover is there; the first one finds the engine starting. */
  async function point(word: string): Promise<Locator> {
    const { page } = workbench;
    const line = page.locator('.editor-instance .view-line', { hasText: word }).first();
    for (let attempt = 1; ; attempt++) {
      await line.waitFor();
      // A change of themes draws the lines anew.
      const box = await line.boundingBox();
      if (box) {
        await page.mouse.move(box.x + 150, box.y + box.height / 2);
        await page.mouse.move(box.x + 160, box.y + box.height / 2);
        if (await comes(hover(), 4000)) return hover();
      }
      if (attempt === 10) throw new Error(`No hover came up over “${word}”.`);
      await leave();
    }
  }

  async function leave(): Promise<void> {
    await workbench.page.mouse.move(700, 600);
    await workbench.page.keyboard.press('Escape');
    await hover().waitFor({ state: 'hidden' });
  }

  it.each([
    ['light', 'Light Modern'],
    ['dark', 'Dark Modern'],
    ['high-contrast', 'Dark High Contrast'],
    ['high-contrast-light', 'Light High Contrast'],
  ])('shows the translation and a picture that fits, in %s', async (name, theme) => {
    await workbench.setTheme(theme);
    const shown = await point('geöffnet');
    expect(await shown.innerText()).toMatch(/file[\s\S]*Replace · Copy · Show Attention · German → English/);
    const image = shown.locator('img');
    await expect.poll(() => image.evaluate((element: Element) => element.naturalWidth)).toBeGreaterThan(200);
    const overflow = await shown.evaluate((element: Element) => element.scrollWidth - element.clientWidth);
    expect(overflow).toBe(0);
    await picture(`hover-${name}`);
    await leave();
    await seeShortOne(name);
  });

  /** Of a sentence of a dozen pieces the whole picture is seen without scrolling. */
  async function seeShortOne(name: string): Promise<void> {
    const shown = await point('nicht gefunden');
    await expect.poll(() => shown.innerText(), { timeout: 5000 }).toMatch(/found/);
    const drawn = shown.locator('img');
    await expect.poll(() => drawn.evaluate((element: Element) => element.naturalWidth)).toBeGreaterThan(0);
    const widget = workbench.page.locator('.monaco-hover:not(.hidden)', { hasText: 'Replace' }).last();
    // It takes its size when the picture has come.
    const below = async (): Promise<number> => {
      const [image, frame] = await Promise.all([drawn.boundingBox(), widget.boundingBox()]);
      return image!.y + image!.height - (frame!.y + frame!.height);
    };
    await expect.poll(below, { timeout: 5000 }).toBeLessThan(0);
    const { x, y, height } = (await widget.boundingBox())!;
    const clip = { x: x - 20, y: y - 20, width: 560, height: height + 60 };
    await workbench.page.screenshot({ path: path.join(results, `short-${name}.png`), clip });
    await leave();
  }

  it('puts the translation into the text’s place at a click, and one undo brings the text back', async () => {
    const shown = await point('geöffnet');
    const translation = (await shown.innerText()).split('\n')[0]!;
    await shown.getByText('Replace').click();
    await expect.poll(() => workbench.line(1)).not.toBe(comment[0]);
    await expect.poll(() => workbench.line(1)).toContain(translation.slice(0, 30));
    await leave();
    await workbench.page.keyboard.press('Control+z');
    await expect.poll(() => workbench.line(1)).toBe(comment[0]);
  });

  it('comes up and is read with the keyboard', async () => {
    const { page } = workbench;
    await page.locator('.editor-instance .view-line', { hasText: 'Gibt die Namen' }).click();
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Control+i');
    await hover().waitFor();
    await picture('hover-keyboard');
    expect(await hover().locator('img').getAttribute('alt')).toMatch(
      /^Attention: .* ← .*Sentence [12] of 2\.$/,
    );
    await leave();
  });
});
