/**
 * Whole documents as a person reads them in translation: beside, in the place of comments, in a preview. Leaves
 * screenshots in three themes in test-results/.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MarkedProcesses } from './markedProcesses';
import { StartedVsCode } from './startedVsCode';
import { WorkbenchPage } from './workbenchPage';

const root = path.resolve(import.meta.dirname, '../..');
const results = path.join(root, 'test-results', 'ui-documents');

describe('a document in translation', () => {
  let started: StartedVsCode;
  let workbench: WorkbenchPage;
  const processes = new MarkedProcesses();
  const picture = (name: string): Promise<void> => workbench.picture(path.join(results, `${name}.png`));

  beforeAll(async () => {
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    const workspace = path.join(results, 'workspace');
    cpSync(path.join(root, 'test', 'sample-workspace'), workspace, { recursive: true });
    started = new StartedVsCode(workspace, path.join(results, 'profile'), processes.environment);
    workbench = await WorkbenchPage.open(await started.address());
    await workbench.openFile('lager.ts');
    await workbench.runFromPalette('Polyhead: Restart Engine');
  });

  afterAll(async () => {
    await picture('end').catch(() => undefined);
    await workbench.browser.close();
    await started.interrupt();
  });

  /** What the style sheet writes before or after the texts of the editor's lines. */
  const decorations = (pseudo: '::before' | '::after'): Promise<string[]> =>
    workbench.page.locator('.monaco-editor .view-lines span[class*="ced-"]').evaluateAll(
      (elements: object[], which) =>
        elements.map((element) => {
          const { getComputedStyle } = globalThis as unknown as {
            getComputedStyle: (of: object, pseudo: string) => { content: string };
          };
          return getComputedStyle(element, which).content;
        }),
      pseudo,
    );

  /** How many stretches of text have a background or a border of their own behind them. */
  const marks = (): Promise<number> =>
    workbench.page.locator('.monaco-editor .view-overlays .cdr[class*="ced-"]').count();

  it.skipIf(process.platform !== 'linux').each(['Dark High Contrast', 'Dark Modern', 'Light Modern'])(
    'has its comments marked while they are being translated, in %s',
    async (theme) => {
      await workbench.setTheme(theme);
      await workbench.openFile('lager.ts');
      await expect.poll(() => processes.those('engine'), { timeout: 20_000 }).toHaveLength(1);
      // Held, so that there is time to look: a quick machine is done before a mark is drawn.
      const engines = processes.those('engine');
      for (const engine of engines) process.kill(engine, 'SIGSTOP');
      try {
        await workbench.runFromPalette('Polyhead: Translate Comments in File…');
        await expect.poll(marks, { timeout: 20_000 }).toBeGreaterThan(2);
        await picture(`${theme.toLowerCase().replaceAll(' ', '-')}-marked`);
      } finally {
        for (const engine of engines) process.kill(engine, 'SIGCONT');
      }
      await workbench.page.getByRole('tab', { name: /comments in English/ }).waitFor({ timeout: 60_000 });
      await expect.poll(marks).toBe(0);
      await workbench.runFromPalette('Polyhead: Discard Translated Comments');
      await workbench.runFromPalette('View: Close All Editors');
      await workbench.openFile('lager.ts');
    },
  );

  it('is shown comment by comment beside them, and in their place', async () => {
    await workbench.runFromPalette('Polyhead: Show or Hide Translated Comments');
    await expect
      .poll(async () => (await decorations('::after')).join(' '), { timeout: 60_000 })
      .toMatch(/list .*article/is);
    await picture('beside-comments');
    await workbench.runFromPalette('Polyhead: Show Translations Beside or in Place of Comments');
    await expect
      .poll(async () => (await decorations('::before')).join(' '), { timeout: 20_000 })
      .toMatch(/article/i);
    expect((await decorations('::after')).join(' ')).not.toMatch(/article/i);
    await picture('in-place');
    await workbench.runFromPalette('Polyhead: Show Translations Beside or in Place of Comments');
    await workbench.runFromPalette('Polyhead: Show or Hide Translated Comments');
    await expect.poll(async () => (await decorations('::after')).join(' ')).not.toMatch(/article/i);
  });

  it.each(['Light Modern', 'Dark Modern', 'Dark High Contrast'])('looks right in %s', async (theme) => {
    const name = theme.toLowerCase().replaceAll(' ', '-');
    await workbench.setTheme(theme);
    await workbench.openFile('lager.ts');
    await workbench.runFromPalette('Polyhead: Translate Document to the Side');
    await workbench.page.getByRole('tab', { name: /lager \(English\)\.ts/ }).waitFor();
    await expect
      .poll(() => workbench.page.locator('.monaco-editor').last().innerText(), { timeout: 60_000 })
      .toMatch(/article/i);
    await picture(`${name}-side`);
    await workbench.runFromPalette('Polyhead: Show or Hide Translated Comments');
    await expect
      .poll(async () => (await decorations('::after')).join(' '), { timeout: 60_000 })
      .toMatch(/article/i);
    await picture(`${name}-beside`);
    await workbench.runFromPalette('Polyhead: Show or Hide Translated Comments');
    await workbench.runFromPalette('View: Close All Editors');
    await workbench.openFile('lager.ts');
    await workbench.runFromPalette('Polyhead: Translate Comments in File…');
    await workbench.page.getByRole('tab', { name: /comments in English/ }).waitFor({ timeout: 60_000 });
    await picture(`${name}-proposal`);
    await workbench.runFromPalette('Polyhead: Discard Translated Comments');
    await workbench.runFromPalette('View: Close All Editors');
  });
});
