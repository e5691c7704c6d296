/**
 * A model of one's own, from the first look at the sidebar to its first translation, in the real VS Code: pairs of a file,
 * what a run will take, start, pause, a reload in the middle, the end, and its use. Leaves screenshots in test-results/.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Translator } from '../../models/inference/translator';
import { numberPairs } from './numberPairs.mjs';
import { StartedVsCode } from './startedVsCode';
import { webviewFrame } from './webviewFrame';
import { WorkbenchPage } from './workbenchPage';

const root = path.resolve(import.meta.dirname, '../..');
const results = path.join(root, 'test-results', 'ui-training');
const axe = readFileSync(path.join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

/** What the form asks for behind “Details”: a model that learns the numbers within seconds. */
const details = {
  ...{ 'Width (dModel)': 32, 'Encoder layers': 1, 'Decoder layers': 1, Vocabulary: 340 },
  ...{ 'Tokens a batch': 500, 'Warm-up steps': 30, Dropout: 0 },
  ...{ 'Steps to a checkpoint': 100, 'Pairs to translate': 5 },
};
const steps = 400;

declare const axeRun: () => Promise<{
  violations: { id: string; impact: string; nodes: { html: string }[] }[];
}>;

describe('the training sidebar', () => {
  const workspace = path.join(results, 'workspace');
  let started: StartedVsCode;
  let workbench: WorkbenchPage;
  let frame: Frame;
  const picture = (name: string): Promise<void> => workbench.picture(path.join(results, `${name}.png`));
  const button = (name: string) => frame.getByRole('button', { name, exact: true });
  /** The step that the page shows. */
  const step = async (): Promise<number> => {
    const shown = await frame.locator('.figures dd').first().innerText();
    return Number(/^[\d,]+/.exec(shown)?.[0].replace(',', ''));
  };

  beforeAll(async () => {
    rmSync(results, { recursive: true, force: true });
    cpSync(path.join(root, 'test', 'sample-workspace'), workspace, { recursive: true });
    writeFileSync(path.join(workspace, 'numbers.en-de.tsv'), numberPairs(420));
    writeFileSync(path.join(workspace, 'README.md'), 'five two eight\n');
    mkdirSync(path.join(workspace, '.vscode'));
    writeFileSync(
      path.join(workspace, '.vscode', 'settings.json'),
      JSON.stringify({ 'polyhead.sourceLanguage': 'en', 'polyhead.targetLanguage': 'de' }),
    );
    started = new StartedVsCode(workspace, path.join(results, 'profile'));
    workbench = await WorkbenchPage.open(await started.address());
  });

  afterAll(async () => {
    await picture('end').catch(() => undefined);
    await workbench.browser.close();
    await started.interrupt();
  });

  /** What axe finds in the page. */
  async function serious(): Promise<string[]> {
    await frame.evaluate(`${axe}; globalThis.axeRun = () => axe.run(document)`);
    const { violations } = await frame.evaluate(() => axeRun());
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)}`);
  }

  it('invites, takes a file, and says what a run will take', async () => {
    const { page } = workbench;
    await page.locator('.activitybar').getByRole('tab', { name: 'Polyhead' }).click();
    frame = await webviewFrame(page, '#form-title');
    await frame.getByText('Add sentence pairs first.').waitFor();
    expect(await button('Start Training').isDisabled()).toBe(true);
    await picture('empty');

    await button('Add Files…').click();
    const dialog = page.locator('.quick-input-widget');
    await expect.poll(() => dialog.locator('input').inputValue()).toMatch(/workspace\/$/);
    await dialog.locator('input').fill(path.join(workspace, 'numbers.en-de.tsv'));
    await dialog.getByText('numbers.en-de.tsv').waitFor();
    await page.keyboard.press('Enter');
    await frame.locator('.corpora').getByText('numbers.en-de.tsv').waitFor();
    // Its name says the languages.
    await frame.locator('.short small').getByText('English').waitFor();

    await frame.getByText('tiny', { exact: true }).click();
    await frame.getByText('Details', { exact: true }).click();
    for (const [label, value] of Object.entries(details))
      await frame.getByLabel(label, { exact: true }).fill(String(value));
    await frame.getByText('at step', { exact: true }).click();
    await frame.getByLabel('Steps in all').fill(String(steps));
    await frame.locator('.estimate dl').waitFor({ timeout: 60_000 });
    const facts = await frame.locator('.estimate dl').innerText();
    expect(facts.replace(/\s+/g, ' ')).toMatch(
      /Pairs 336 .*Parameters 5\d\.?\dK .*Memory .* of .*Time \d.* Steps 400 .*Operations .*FLOP/,
    );
    await frame.getByText('With 336 pairs a model from nothing learns hardly more').waitFor();
    expect(await serious()).toEqual([]);
    await picture('form');
  });

  it('trains before one’s eyes', async () => {
    await button('Start Training').click();
    await frame.locator('.state.training').waitFor();
    await frame.locator('.figures').waitFor({ timeout: 60_000 });
    const curve = (): Promise<string> =>
      frame
        .locator('polyhead-mini-curve canvas')
        .evaluate((canvas: { toDataURL(): string }) => canvas.toDataURL());
    const [earlier, drawn] = [await step(), await curve()];
    await expect.poll(step).toBeGreaterThan(earlier);
    await expect.poll(curve).not.toBe(drawn);
    await workbench.statusBarItem(/Polyhead trains/).waitFor();
    await frame.locator('.samples ol').waitFor({ timeout: 60_000 });
    expect(await serious()).toEqual([]);
    await picture('running');
    await button('Pause').click();
    await frame.locator('.state.paused').waitFor();
    await button('Resume').waitFor();
  });

  it('is saved by a reload in its middle, and goes on from there', async () => {
    const paused = await step();
    await button('Resume').click();
    await expect.poll(step, { timeout: 30_000 }).toBeGreaterThan(paused + 5);
    await workbench.runFromPalette('Developer: Reload Window');
    await frame.waitForSelector('main', { state: 'detached' }).catch(() => undefined);
    frame = await webviewFrame(workbench.page, '.state.paused');
    const saved = await step();
    expect(saved).toBeGreaterThan(paused);
    expect(saved).toBeLessThan(steps);
    await frame.getByText(`Saved after step ${saved}, when its window closed.`).waitFor();
    await workbench.page.getByRole('treeitem', { name: /^English → German, paused/ }).waitFor();
    await picture('reloaded');
    await button('Resume').click();
    await frame.locator('.state.finished').waitFor({ timeout: 60_000 });
    expect(await step()).toBe(steps);
    await picture('finished');
  });

  it('can be asked for once more, with changes', async () => {
    await button('New Run Like This').click();
    await frame.locator('.corpora').getByText('numbers.en-de.tsv').waitFor();
    expect(await frame.getByLabel('Steps in all').inputValue()).toBe(String(steps));
    expect(await frame.getByLabel('Width (dModel)', { exact: true }).inputValue()).toBe('32');
    await frame.getByRole('combobox', { name: 'Which run is shown' }).selectOption('English → German');
    await frame.locator('.state.finished').waitFor();
  });

  it('translates', async () => {
    await button('Use for Translation').click();
    await frame.locator('.state.used').waitFor();
    expect(await serious()).toEqual([]);
    for (const theme of ['Light Modern', 'Dark High Contrast']) {
      await workbench.setTheme(theme);
      await picture(`used-${theme.toLowerCase().replaceAll(' ', '-')}`);
    }
    await workbench.page.keyboard.press('Control+Shift+e');
    await workbench.openFile('README.md');
    await workbench.selectLine(1);
    await workbench.runFromPalette('Polyhead: Translate Selection');
    await expect
      .poll(() => workbench.line(1), { timeout: 30_000 })
      .toMatch(/^(?=.*oktav)[a-zäöüß]+ [a-zäöüß]+ [a-zäöüß]+$/);
    await picture('translated');
  });

  it('averages checkpoints, and shows how the average came to its translation', async () => {
    await workbench.runFromPalette('Polyhead: Average Checkpoints');
    await workbench.quickPick('The newest 4 checkpoints');
    await workbench.page.locator('.statusbar').getByText('The average of 4 checkpoints is there').waitFor();
    const profile = path.join(results, 'profile');
    const name = readdirSync(profile, { recursive: true })
      .map(String)
      .find((file) => /average-4-\d+$/.test(file))!;
    const average = await Translator.load(path.join(profile, name), 1);
    const { translated } = await average.observe('five two eight');

    await workbench.selectLine(1);
    await workbench.page.keyboard.press('Control+z');
    await workbench.selectLine(1);
    await workbench.runFromPalette('Polyhead: Show Attention');
    const panel = await webviewFrame(workbench.page, 'main.page');
    await expect.poll(() => panel.locator('#text').inputValue()).toBe('five two eight');
    const label = 'English → German, by English → German, average of 4 up to step 400';
    await panel.locator('.models select').first().selectOption({ label });
    await panel.locator('.label-row .quiet', { hasText: label }).waitFor();
    expect(await panel.locator('#translation').inputValue()).toBe(translated.text);
    await panel.locator('.cell[data-drawn]').first().waitFor();
    await picture('average');
  });
});
