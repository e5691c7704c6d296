/**
 * A person's way through the product: `npm start`, open the address, select a sentence, run the command from
 * the palette, read the translation, undo it, stop with Ctrl+C. Leaves screenshots in test-results/.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, StartedVsCode } from './startedVsCode';
import { WorkbenchPage } from './workbenchPage';

const root = path.resolve(import.meta.dirname, '../..');
const results = path.join(root, 'test-results', 'ui');

/** Where the first sentence of the sample workspace's README.md stands. */
const sentenceLine = 3;
const sentence = 'This program shows a message when a file in `~/Documents` has been changed or removed.';

describe('npm start, in a browser', () => {
  let started: StartedVsCode;
  let workbench: WorkbenchPage;

  beforeAll(async () => {
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    // A blank and an umlaut, as people's folders have them.
    const workspace = path.join(results, 'my workspäce');
    cpSync(path.join(root, 'test', 'sample-workspace'), workspace, { recursive: true });
    started = new StartedVsCode(workspace, path.join(results, 'profile'));
    workbench = await WorkbenchPage.open(await started.address());
  });

  afterAll(async () => {
    await workbench.picture(path.join(results, 'end.png')).catch(() => undefined);
    await workbench.browser.close();
    await started.interrupt();
  });

  it('opens the file that a person clicks', async () => {
    await workbench.openFile('README.md');
    await expect.poll(() => workbench.line(sentenceLine)).toBe(sentence);
  });

  it('offers the command in the palette, and it replaces the selection', async () => {
    await workbench.selectLine(sentenceLine);
    const offered = await workbench.runFromPalette('Polyhead: Translate Selection');
    expect(offered[0]).toBe('Polyhead: Translate Selection');
    await expect.poll(() => workbench.line(sentenceLine), { timeout: 60_000 }).not.toBe(sentence);
    await workbench.picture(path.join(results, 'translated.png'));
    await expect.poll(() => workbench.line(sentenceLine)).toMatch(/\p{L}/u);
    await expect.poll(() => workbench.line(1)).toBe('# Lighthouse');
    // Neither a complaint nor a progress bar that stays.
    await expect.poll(() => workbench.notifications()).toEqual([]);
  });

  it('undoes the replacement with one Ctrl+Z', async () => {
    await workbench.page.keyboard.press('Control+z');
    await expect.poll(() => workbench.line(sentenceLine)).toBe(sentence);
    await workbench.picture(path.join(results, 'undone.png'));
  });

  it('says what to do where there is nothing to translate', async () => {
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.press('ArrowDown');
    await workbench.runFromPalette('Polyhead: Translate Selection');
    await expect
      .poll(() => workbench.notifications(), { timeout: 20_000 })
      .toEqual(['There are no words here to translate: select some text.']);
    await workbench.picture(path.join(results, 'nothing-selected.png'));
  });

  it('ends with everything that it started on Ctrl+C', async () => {
    const processes = started.processes();
    expect(await started.interrupt()).toBe(0);
    expect(processes.filter(isAlive)).toEqual([]);
  });
});
