/**
 * The attention panel as a person uses it, in the real VS Code with the real model. Leaves screenshots in three themes
 * in test-results/.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartedVsCode } from './startedVsCode';
import { webviewFrame } from './webviewFrame';
import { WorkbenchPage } from './workbenchPage';

const root = path.resolve(import.meta.dirname, '../..');
const results = path.join(root, 'test-results', 'ui-attention');
const sentence = 'This program shows a message when a file in `~/Documents` has been changed or removed.';

describe('the attention panel', () => {
  let started: StartedVsCode;
  let workbench: WorkbenchPage;
  let frame: Frame;
  const picture = (name: string): Promise<void> => workbench.picture(path.join(results, `${name}.png`));

  beforeAll(async () => {
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    const workspace = path.join(results, 'workspace');
    cpSync(path.join(root, 'test', 'sample-workspace'), workspace, { recursive: true });
    started = new StartedVsCode(workspace, path.join(results, 'profile'));
    workbench = await WorkbenchPage.open(await started.address());
    await workbench.openFile('README.md');
    await workbench.selectLine(3);
  });

  afterAll(async () => {
    await picture('end').catch(() => undefined);
    await workbench.browser.close();
    await started.interrupt();
  });

  it('opens with what is selected, translated and drawn', async () => {
    await workbench.runFromPalette('Polyhead: Show Attention');
    frame = await webviewFrame(workbench.page, 'main.page');
    await expect.poll(() => frame.locator('#text').inputValue(), { timeout: 30_000 }).toBe(sentence);
    await frame.locator('.cell[data-drawn]').first().waitFor({ timeout: 60_000 });
    expect(await frame.locator('#translation').inputValue()).toMatch(/Datei/);
    await picture('beside');
  });

  it.each(['Light Modern', 'Dark Modern', 'Dark High Contrast'])('looks right in %s', async (theme) => {
    const name = theme.toLowerCase().replaceAll(' ', '-');
    await workbench.setTheme(theme);
    for (const view of ['All heads', 'Lines', 'Heat map', 'Numbers']) {
      await frame.getByRole('tab', { name: view }).click();
      await picture(`${name}-${view.toLowerCase().replace(' ', '-')}`);
    }
    await frame.getByRole('tab', { name: 'All heads' }).click();
  });
});
