/**
 * The attention panel as a person uses it, in the real VS Code with the real model: that what it shows and saves is what the
 * model computed, and that each way to take it along works. Leaves screenshots in three themes in test-results/.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attention } from '../../models/inference/attentionMaps';
import { Translator } from '../../models/inference/translator';
import { StartedVsCode } from './startedVsCode';
import { webviewFrame } from './webviewFrame';
import { WorkbenchPage } from './workbenchPage';

const root = path.resolve(import.meta.dirname, '../..');
const results = path.join(root, 'test-results', 'ui-attention');
const sentence = 'This program shows a message when a file in `~/Documents` has been changed or removed.';

/** What “Save Weights as JSON” writes. */
interface Saved {
  readonly text: string;
  readonly translation: string;
  readonly kind: 'encoder' | 'decoder' | 'cross';
  readonly queries: readonly string[];
  readonly keys: readonly string[];
  readonly layers: readonly { readonly layer: number; readonly heads: readonly number[][][] }[];
}

describe('the attention panel', () => {
  let started: StartedVsCode;
  let workbench: WorkbenchPage;
  let frame: Frame;
  let computed: Attention;
  let translation: string;
  const picture = (name: string): Promise<void> => workbench.picture(path.join(results, `${name}.png`));

  beforeAll(async () => {
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    const translator = await Translator.load(path.join(root, 'models', 'pretrained', 'en-de'), 1);
    const attentions: Attention[] = [];
    const { translated } = await translator.observe(sentence, {
      onAttention: (_, attention) => void attentions.push(attention),
    });
    [computed] = attentions as [Attention];
    translation = translated.text;
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
    expect(await frame.locator('#translation').inputValue()).toBe(translation);
    await picture('beside');
  });

  /** Saves with a button and VS Code's dialog for files. */
  async function save(button: string, name: string): Promise<string> {
    const file = path.join(results, name);
    await frame.getByRole('button', { name: button }).click();
    const input = workbench.page.locator('.quick-input-widget:not(.hidden) input[type=text]');
    await input.waitFor();
    // It proposes a name, once it knows the folder.
    await expect.poll(() => input.inputValue(), { timeout: 15_000 }).toMatch(/\.(json|svg|png)$/);
    // It reads folders meanwhile, and may take the first Enter for the way into one.
    const isSaved = async (): Promise<boolean> => {
      if (!existsSync(file) && (await input.isVisible())) {
        await input.fill(file);
        await input.press('Enter');
      }
      return existsSync(file);
    };
    await expect.poll(isSaved, { timeout: 20_000, interval: 700 }).toBe(true);
    await frame.getByText('Saved', { exact: true }).waitFor();
    return file;
  }

  it.each(['Encoder', 'Decoder', 'Cross'])('saves the weights that the model computed: %s', async (name) => {
    await frame.locator('.segmented label', { hasText: name }).click();
    await frame.locator('.cell[data-drawn]').last().waitFor();
    const file = await save('Save Weights as JSON', `${name}.json`);
    const saved = JSON.parse(readFileSync(file, 'utf8')) as Saved;
    expect([saved.text, saved.translation, saved.kind]).toEqual([sentence, translation, name.toLowerCase()]);
    const { layers, heads, queries, keys, weights } = computed[saved.kind];
    expect([saved.queries.length, saved.keys.length]).toEqual([queries, keys]);
    expect(saved.layers.map(({ layer }) => layer)).toEqual(Array.from({ length: layers }, (_, at) => at + 1));
    const values = saved.layers.flatMap((layer) => layer.heads).flat(2);
    expect(values).toHaveLength(layers * heads * queries * keys);
    const apart = values.reduce((most, value, at) => Math.max(most, Math.abs(value - weights[at]!)), 0);
    expect(apart).toBeLessThan(1e-3);
  });

  it('tells of a cell the weight that the model computed', async () => {
    const { heads, queries, keys, weights } = computed.cross;
    await frame
      .locator('.cell')
      .nth(heads + 2)
      .click();
    const matrix = frame.locator('attention-matrix');
    await frame.locator('attention-matrix[data-drawn]').waitFor();
    await matrix.focus();
    await workbench.page.keyboard.press('ArrowDown');
    const head = (1 * heads + 2) * queries * keys;
    for (let at = 0; at < Math.min(queries, keys); at++) {
      const told = Number(/([\d.]+) %$/.exec(await frame.locator('.readout').innerText())?.[1]);
      expect(Math.abs(told / 100 - weights[head + at * keys + at]!)).toBeLessThan(1e-3);
      await workbench.page.keyboard.press('ArrowDown');
      await workbench.page.keyboard.press('ArrowRight');
    }
  });

  it('saves pictures, and copies one that can be pasted', async () => {
    const svg = readFileSync(await save('Save as SVG', 'picture.svg'), 'utf8');
    const elements: string[] = [];
    const parser = new SaxesParser();
    parser.on('error', (error) => expect.fail(error.message));
    parser.on('opentag', ({ name }) => elements.push(name));
    parser.write(svg).close();
    const { queries, keys } = computed.cross;
    expect(elements.filter((name) => name === 'text')).toHaveLength(queries + keys);
    const png = readFileSync(await save('Save as PNG', 'picture.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const { page } = workbench;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await frame.getByRole('button', { name: 'Copy as Image' }).click();
    await frame.getByText('Copied', { exact: true }).waitFor();
    await page.locator('.statusbar').click({ position: { x: 400, y: 5 } });
    const copied = await page.evaluate(pastedBytes);
    // The same picture, though the browser has packed it anew.
    expect(copied.width).toBe(png.readUInt32BE(16));
    expect(copied.height).toBe(png.readUInt32BE(20));
  });

  it.each(['Light Modern', 'Dark Modern', 'Dark High Contrast'])('looks right in %s', async (theme) => {
    const name = theme.toLowerCase().replaceAll(' ', '-');
    await workbench.setTheme(theme);
    for (const view of ['All heads', 'Lines', 'Heat map', 'Numbers', 'Step by step']) {
      await frame.getByRole('tab', { name: view }).click();
      await picture(`${name}-${view.toLowerCase().replaceAll(' ', '-')}`);
    }
    await frame.getByRole('tab', { name: 'All heads' }).click();
  });
});

/** The size of the image in the clipboard. In the page, whose types the tests do not have. */
const pastedBytes = `(async () => {
  const [item] = await navigator.clipboard.read();
  const { width, height } = await createImageBitmap(await item.getType('image/png'));
  return { width, height };
})()` as unknown as () => Promise<{ width: number; height: number }>;
