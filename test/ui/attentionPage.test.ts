/**
 * The attention page in a browser, with a synthetic model in the host’s place: what every control does, what it keeps,
 * what it exports, and that it can be used by everyone.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { SaxesParser } from 'saxes';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { ensureBuilt } from '../../scripts/setup/built.mjs';
import { openAttentionPage } from '../pages/openPage.mjs';
import { apartFromReference, partOf, type Part } from './referencePictures';

const text = 'The old program shows a short message when a file has been changed.';
const axe = readFileSync(path.resolve(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');

/** What the page has in the host’s place, as far as this test reaches in. */
interface Handle {
  readonly sent: { kind: string; method?: string; id?: number; parameters?: Record<string, unknown> }[];
  readonly saved: { format: string; name: string; content: string | Record<number, number> }[];
  failing: string | null;
  post(message: unknown): void;
  setTheme(name: string): void;
  longestFrame(tab: string): Promise<number>;
}
declare const polyhead: Handle;
/** What a row of buttons is in the page, whose types the tests do not have. */
interface Parent {
  querySelectorAll(selector: string): Iterable<{ readonly tabIndex: number }>;
}
declare const axeRun: () => Promise<{
  violations: { id: string; impact: string; nodes: { html: string }[] }[];
}>;

let browser: Browser;
let page: Page;
let faults: string[] = [];

beforeAll(async () => {
  await ensureBuilt();
  browser = await chromium.launch(inject('browser'));
});
afterAll(() => browser.close());
afterEach(async () => {
  await page.context().close();
  // Nothing broke, and the policy had nothing to forbid.
  expect(faults).toEqual([]);
});

async function open(how: Readonly<Record<string, string | number>> = {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  faults = await openAttentionPage(page, how);
}

const tab = (name: string) => page.getByRole('tab', { name });
const asked = (method: string): Promise<Handle['sent']> =>
  page.evaluate((name) => polyhead.sent.filter((message) => message.method === name), method);
const drawn = (count: number) => expect.poll(() => page.locator('.cell[data-drawn]').count()).toBe(count);

describe('the sentence', () => {
  it('is waited for as long as the host looks for models', async () => {
    await open({ delay: 600 });
    await page.getByText('Looking for models …').waitFor();
    expect(await page.getByRole('heading').count()).toBe(0);
    await page.getByRole('heading', { name: 'See how a translation comes about' }).waitFor();
    expect(await page.getByText('Looking for models …').count()).toBe(0);
  });

  it('is invited, and an example is at hand', async () => {
    await open();
    await page.getByRole('heading', { name: 'See how a translation comes about' }).waitFor();
    await page.getByRole('button', { name: 'Try an example' }).click();
    // The button is gone, and the focus goes on.
    await page.locator('#text:focus').waitFor();
    await drawn(12);
    expect(await page.locator('#translation').inputValue()).toContain('Nachricht');
  });

  it('is translated once one pauses, and what was asked before is cancelled', async () => {
    await open({ delay: 300 });
    await page.locator('#text').fill('A file');
    await expect.poll(async () => (await asked('observe')).length).toBe(1);
    for (const typed of ['A file h', 'A file ha', 'A file has']) await page.locator('#text').fill(typed);
    await expect.poll(() => page.locator('#translation').inputValue()).toBe('eine Datei hat');
    const texts = (await asked('observe')).map(({ parameters }) => parameters?.['text']);
    expect(texts).toEqual(['A file', 'A file has']);
    const cancelled = await page.evaluate(() => polyhead.sent.filter(({ kind }) => kind === 'cancel').length);
    expect(cancelled).toBeGreaterThan(0);
  });

  it('can have a translation of one’s own, and goes back to the model’s', async () => {
    await open({ text });
    await drawn(12);
    await page.locator('#translation').fill('Ein altes Programm.');
    await page.getByText('Your translation, as the model sees it').waitFor();
    await expect
      .poll(async () => (await asked('observe')).at(-1)?.parameters?.['target'])
      .toBe('Ein altes Programm.');
    await page.getByRole('button', { name: 'Back to the model’s own' }).click();
    await page.locator('#translation:focus').waitFor();
    await expect.poll(() => page.locator('#translation').inputValue()).toContain('Nachricht');
  });

  it('shows what else might have stood there, and other translations', async () => {
    await open({ text });
    await page.locator('.chip.target').nth(4).hover();
    await page.getByRole('heading', { name: 'What might stand at piece 5' }).waitFor();
    expect(await page.locator('.candidates li').count()).toBe(5);
    await page.locator('.alternatives button').nth(2).click();
    await expect.poll(() => page.locator('#translation').inputValue()).toContain('Meldung');
    expect((await asked('observe')).at(-1)?.parameters?.['target']).toContain('Meldung');
  });

  it('keeps other translations at hand while one of them is looked at', async () => {
    await open({ text: `A file. ${text}` });
    await page.locator('.choice.grows select').selectOption({ index: 1 });
    const others = page.locator('.alternatives button');
    await others.nth(2).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Your translation, as the model sees it').waitFor();
    await expect.poll(async () => (await asked('observe')).length).toBe(2);
    await page.locator('.slot[aria-busy=false]').waitFor();
    expect(await others.count()).toBe(3);
    const chosen = await others.nth(2).innerText();
    expect(await page.locator('.alternatives [aria-current=true]').allInnerTexts()).toEqual([chosen]);
    expect(await page.locator('.alternatives button:focus').allInnerTexts()).toEqual([chosen]);
    // Another one, from there.
    await others.nth(1).click();
    await expect.poll(() => page.locator('#translation').inputValue()).toContain('doch');
    expect(await page.locator('#translation').inputValue()).toMatch(/^eine Datei\./);
    // What is typed is none of them.
    await page.locator('#translation').fill('Ein altes Programm.');
    await expect.poll(() => others.count()).toBe(0);
  });

  it('is marked as written in its language, wherever it stands', async () => {
    await open({ text });
    await drawn(12);
    const languages = (selector: string) =>
      Promise.all(['lang', 'dir'].map((name) => page.locator(selector).first().getAttribute(name)));
    expect(await languages('#text')).toEqual(['en', 'auto']);
    expect(await languages('#translation')).toEqual(['de', 'auto']);
    expect(await languages('.strip >> nth=0')).toEqual(['en', 'ltr']);
    expect(await languages('.strip >> nth=1')).toEqual(['de', 'ltr']);
    expect(await languages('.alternatives button')).toEqual(['de', 'auto']);
  });

  it('of several is one at a time', async () => {
    await open({ text: `${text} A short message.` });
    await page.locator('.choice.grows select').selectOption({ index: 1 });
    await expect.poll(() => page.locator('.strip').first().locator('.chip').count()).toBe(6);
    expect((await asked('attention')).at(-1)?.parameters?.['segment']).toBe(1);
  });
});

describe('the views', () => {
  it('fetch a layer at a time, as bytes, and only once', async () => {
    await open({ text, layers: 6, heads: 8 });
    await drawn(48);
    expect((await asked('attention')).map(({ parameters }) => parameters?.['layer'])).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
    await tab('Numbers').click();
    expect(await page.locator('table.heads tbody tr').count()).toBe(48);
    await tab('Lines').click();
    await page.locator('attention-lines[data-drawn]').waitFor();
    await tab('All heads').click();
    expect((await asked('attention')).map(({ parameters }) => parameters?.['layer'])).toEqual([
      0,
      1,
      2,
      3,
      4,
      5,
      'mean',
    ]);
  });

  it('have as many layers as each stack', async () => {
    await open({ text, layers: 4, decoderLayers: 2, heads: 3 });
    await drawn(6);
    await page.getByText('Encoder', { exact: true }).click();
    await drawn(12);
    // Its numbers are counted when there is nothing else to do.
    await expect
      .poll(() => page.locator('.cell').last().getAttribute('aria-label'))
      .toMatch(/^Layer 4, head 3: entropy/);
  });

  it('enlarge a head with Enter, and tell its values by keyboard', async () => {
    await open({ text, theme: 'light' });
    await drawn(12);
    await page.locator('.cell').first().focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await page.locator('attention-matrix[data-drawn]').waitFor();
    expect(await page.locator('.toolbar select').inputValue()).toBe('1');
    expect(await page.getByRole('button', { name: 'Head 2' }).getAttribute('aria-pressed')).toBe('true');
    // The button is gone, and the focus goes on.
    await page.locator('attention-matrix:focus').waitFor();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    await expect
      .poll(() => page.locator('.readout').innerText())
      .toMatch(/^“alte” looks at “old”: [\d.]+ %$/);
    await page.keyboard.press('+');
    await page.keyboard.press('Enter');
    expect(await page.locator('.chip.target').nth(1).getAttribute('aria-pressed')).toBe('true');
  });

  it('follow a token by keyboard, and let it go', async () => {
    await open({ text });
    await tab('Lines').click();
    const lines = page.locator('attention-lines');
    await lines.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await expect.poll(() => page.locator('.chip.target').nth(1).getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.chip.target').nth(1).getAttribute('aria-pressed')).toBe('false');
  });

  it('tell by keyboard what a piece looks at, and by what it is looked at', async () => {
    await open({ text });
    await tab('Lines').click();
    const told = page.locator('.readout');
    await expect.poll(() => told.innerText()).toMatch(/^Point at a piece/);
    await page.locator('attention-lines').focus();
    for (const key of ['ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    await expect
      .poll(() => told.innerText())
      .toMatch(/^“alte” looks most at (“.+”: [\d.]+ %, ){2}“.+”: [\d.]+ % \(mean of 4 heads\)$/);
    await page.getByRole('button', { name: 'Head 2' }).click();
    await page.locator('attention-lines').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    await expect.poll(() => told.innerText()).toMatch(/^“old” is looked at most by “.+”: [\d.]+ %$/);
    expect(await told.getAttribute('aria-live')).toBe('polite');
  });

  it('can be reached with the Tab key wherever one was before', async () => {
    await open({ text, layers: 4, decoderLayers: 2 });
    const stops = (row: string) =>
      page.locator(row).evaluate((element) => {
        const buttons = [...(element as unknown as Parent).querySelectorAll('button')];
        return buttons.flatMap(({ tabIndex }, at) => (tabIndex === 0 ? [at] : []));
      });
    await page.locator('.strip').first().locator('.chip').first().focus();
    for (let count = 0; count < 8; count++) await page.keyboard.press('ArrowRight');
    expect(await stops('.strip >> nth=0')).toEqual([8]);
    await page.locator('#text').fill('A file');
    await expect.poll(() => page.locator('.strip').first().locator('.chip').count()).toBe(3);
    expect(await stops('.strip >> nth=0')).toEqual([2]);
    await page.locator('.strip').first().locator('.chip').first().click();
    expect(await stops('.strip >> nth=0')).toEqual([0]);
    await page.getByText('Encoder', { exact: true }).click();
    await drawn(16);
    await page.locator('.cell').first().focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'End', 'ArrowDown']) await page.keyboard.press(key);
    expect(await stops('.grid')).toEqual([15]);
    await page.getByText('Cross', { exact: true }).click();
    await drawn(8);
    expect(await stops('.grid')).toEqual([7]);
  });

  it('sort the heads by any number, either way', async () => {
    await open({ text });
    await tab('Numbers').click();
    const column = async (): Promise<number[]> =>
      (await page.locator('table.heads tbody tr td:nth-child(2)').allInnerTexts()).map(Number);
    await page.getByRole('button', { name: 'Sort by Entropy' }).click();
    const rising = await column();
    expect(rising).toEqual([...rising].sort((one, other) => one - other));
    await page.getByRole('button', { name: 'Sort by Entropy' }).click();
    expect(await column()).toEqual([...rising].reverse());
    expect(await page.locator('th[aria-sort=descending]').count()).toBe(1);
  });

  it('walk through the paper with the numbers of the chosen pieces', async () => {
    await open({ text });
    await tab('Step by step').click();
    await page.locator('.chip').nth(3).click();
    await page.getByText('is number 1203').waitFor();
    const titles = await page.locator('.step').allInnerTexts();
    for (const title of titles.slice(1)) {
      await page.getByRole('button', { name: 'Next', exact: true }).click();
      await page.locator('article h2', { hasText: title.replace(/^\d+\. /, '') }).waitFor();
    }
    // There is no next one, and the button keeps the focus.
    expect(await page.locator('button:focus').getAttribute('aria-disabled')).toBe('true');
    const shares = await page.locator('article td:not(.plain)').allInnerTexts();
    const sum = shares.reduce((total, share) => total + Number.parseFloat(share), 0);
    expect(sum).toBeGreaterThan(80);
  });

  it('compare two models side by side', async () => {
    await open({ text });
    await page.getByLabel('Compare with').selectOption({ index: 2 });
    await drawn(24);
    expect(await page.locator('.slot h2').allInnerTexts()).toEqual([
      'English → German, by Polyhead en → de',
      'English → German, by My run, step 8000',
    ]);
    await page.getByLabel('Compare with').selectOption({ index: 0 });
    await drawn(12);
  });

  it('compare models of different depth, and tell of each its own', async () => {
    await open({ text, layers: 3, secondLayers: 2 });
    await page.getByLabel('Compare with').selectOption({ index: 2 });
    await drawn(20);
    await page.getByRole('button', { name: /^Layer 3, head 2/ }).click();
    await page.getByText('This model has no layer 3 of this attention: its last is layer 2.').waitFor();
    expect(await page.locator('.toolbar select').inputValue()).toBe('2');
    expect(await page.locator('attention-matrix').count()).toBe(1);
    await page.locator('.toolbar select').selectOption('1');
    await expect.poll(() => page.locator('attention-matrix[data-drawn]').count()).toBe(2);
    await page.locator('attention-matrix').first().focus();
    await page.keyboard.press('ArrowDown');
    const told = () => page.locator('.readout').allInnerTexts();
    await expect.poll(async () => (await told())[0]).toMatch(/^“Das” looks at/);
    expect((await told())[1]).toMatch(/^Point at a cell/);
    expect(await asked('observe')).toHaveLength(3);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('compare models with different numbers of heads, and show of each its own', async () => {
    await open({ text, heads: 4, secondHeads: 8 });
    await page.getByLabel('Compare with').selectOption({ index: 2 });
    await drawn(36);
    await page.getByRole('button', { name: /^Layer 1, head 7/ }).click();
    await page.getByText('This model has none of the heads that are chosen: its last is head 4.').waitFor();
    await page.locator('attention-matrix[data-drawn]').waitFor();
    expect(await page.locator('attention-matrix').count()).toBe(1);
    expect(await page.locator('.caption').allInnerTexts()).toEqual([expect.stringContaining('head 7 of 8')]);
    await page.getByRole('button', { name: 'Head 2', exact: true }).click();
    await expect.poll(() => page.locator('attention-matrix[data-drawn]').count()).toBe(2);
    expect((await page.locator('.caption').allInnerTexts())[0]).toContain('head 2 of 4');
  });

  it('leave the lines in sight where a kept piece is not in the other attention', async () => {
    await open({ text });
    await tab('Lines').click();
    await page.locator('.chip.target').nth(1).click();
    await page.getByText('Encoder', { exact: true }).click();
    await page.locator('attention-lines[data-drawn]').waitFor();
    await page.getByRole('button', { name: 'Save as SVG' }).click();
    await expect.poll(() => page.evaluate(() => polyhead.saved.length)).toBe(1);
    expect(await page.evaluate(() => polyhead.saved[0]!.content)).toContain('<path');
  });

  it('scroll and zoom where there are two hundred tokens', async () => {
    await open({ text: Array.from({ length: 28 }, () => 'The old program shows a short message').join(' ') });
    await tab('Heat map').click();
    const matrix = page.locator('attention-matrix');
    await page.locator('attention-matrix[data-drawn]').waitFor();
    const size = () =>
      matrix.evaluate((element) => (element as unknown as { scrollWidth: number }).scrollWidth);
    const before = await size();
    await page.getByRole('button', { name: 'Smaller' }).click();
    await expect.poll(size).toBeLessThan(before);
    await matrix.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+ArrowRight');
    const left = await matrix.evaluate(
      (element) => (element as unknown as { scrollLeft: number }).scrollLeft,
    );
    expect(left).toBeGreaterThan(1000);
    await page.getByRole('button', { name: 'Fit' }).click();
    await expect.poll(size).toBeLessThan(before / 3);
  });

  it('draw two hundred tokens without the page stalling', async () => {
    await open({ text: Array.from({ length: 28 }, () => 'The old program shows a short message').join(' ') });
    await drawn(12);
    for (const view of ['Lines', 'Heat map', 'Numbers', 'All heads']) {
      const longest = await page.evaluate((name: string) => polyhead.longestFrame(name), view);
      // A second on a machine that does other things too; a page that stalls takes many.
      expect(longest, view).toBeLessThan(1000);
    }
  });

  it('fit the lines into a narrow panel', async () => {
    await open({ text });
    await page.setViewportSize({ width: 420, height: 800 });
    await tab('Lines').click();
    await page.locator('attention-lines[data-drawn]').waitFor();
    const overflow = await page.locator('.frame').evaluate((element) => {
      const { scrollWidth, clientWidth } = element as unknown as Record<string, number>;
      return scrollWidth! - clientWidth!;
    });
    expect(overflow).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: 'Turn' }).click();
    await page.locator('.frame.lying attention-lines').waitFor();
  });
});

describe('the page', () => {
  it('comes back as it was left', async () => {
    await open({ text });
    await tab('Lines').click();
    await page.getByText('Decoder', { exact: true }).click();
    await page.getByRole('button', { name: 'Head 2' }).click();
    await page.reload();
    await page.locator('attention-lines[data-drawn]').waitFor();
    expect(await tab('Lines').getAttribute('aria-selected')).toBe('true');
    expect(await page.getByRole('button', { name: 'Head 2' }).getAttribute('aria-pressed')).toBe('true');
    expect(await page.locator('#text').inputValue()).toBe(text);
  });

  it('says what went wrong, and tries again', async () => {
    await open({ text, fail: 'observe' });
    await page.getByRole('alert').getByText('The translation engine stopped unexpectedly').waitFor();
    await page.evaluate(() => (polyhead.failing = null));
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.locator('#shown:focus').waitFor();
    await drawn(12);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('takes no translation for that of another text', async () => {
    await open({ text });
    await drawn(12);
    await page.evaluate(() => (polyhead.failing = 'observe'));
    await page.locator('#text').fill('A file');
    await page.getByRole('alert').waitFor();
    expect(await page.locator('#translation').inputValue()).toBe('');
    expect(await page.locator('.label-row .quiet').innerText()).toBe('');
  });

  it('tells nothing of a picture that is gone', async () => {
    await open({ text });
    await tab('Heat map').click();
    await page.locator('attention-matrix[data-drawn]').hover({ position: { x: 200, y: 160 } });
    await page.getByText(/” looks at “/).waitFor();
    await page.locator('#text').fill('A file');
    await expect.poll(() => page.locator('#translation').inputValue()).toBe('eine Datei');
    await page.getByText(/^Point at a cell/).waitFor();
  });

  it('is drawn on a background that its theme would not have', async () => {
    await open({ text, theme: 'light' });
    await drawn(12);
    await page.evaluate(
      `document.documentElement.style.setProperty('--vscode-editor-background', '#1e1e1e')`,
    );
    await tab('Heat map').click();
    await page.locator('attention-matrix[data-drawn]').waitFor();
  });

  it('asks once more when the engine has forgotten, and then says so', async () => {
    await open({ text, fail: 'attention' });
    await page.getByRole('alert').waitFor();
    expect(await asked('observe')).toHaveLength(2);
  });

  it('shows another text when the host says so', async () => {
    await open({ text });
    await drawn(12);
    await page.evaluate(() =>
      polyhead.post({ kind: 'event', name: 'shown', value: { text: 'A file', from: 'en' } }),
    );
    await expect.poll(() => page.locator('#translation').inputValue()).toBe('eine Datei');
    expect((await asked('observe')).at(-1)?.parameters?.['from']).toBe('en');
  });

  it('changes nothing for 10,000 messages that are none', async () => {
    await open({ text });
    await drawn(12);
    const before = await page.locator('main').innerText();
    await page.evaluate(() => {
      const odd: unknown[] = [
        null,
        7,
        'text',
        [],
        {},
        { kind: 'reply' },
        { kind: 'reply', id: 99, reply: 1 },
      ];
      odd.push(
        { kind: 'event', name: 'shown', value: { text: 7 } },
        { kind: 'event', name: '__proto__', value: 1 },
      );
      odd.push(
        { kind: 'failure', id: 1, code: 'none', message: 'x' },
        { kind: 'progress', id: 1, progress: {} },
      );
      for (let count = 0; count < 10_000; count++) polyhead.post(odd[count % odd.length]);
    });
    await page.waitForTimeout(300);
    expect(await page.locator('main').innerText()).toBe(before);
  });

  it('takes pictures and numbers along', async () => {
    await open({ text });
    const saved = () => page.evaluate(() => polyhead.saved);
    await drawn(12);
    for (const view of ['All heads', 'Lines', 'Heat map']) {
      await tab(view).click();
      await page.waitForTimeout(100);
      await page.getByRole('button', { name: 'Save as SVG' }).click();
    }
    await expect.poll(async () => (await saved()).length).toBe(3);
    for (const { format, content } of await saved()) {
      expect(format).toBe('svg');
      const elements: string[] = [];
      const parser = new SaxesParser();
      parser.on('error', (error) => expect.fail(error.message));
      parser.on('opentag', ({ name }) => elements.push(name));
      parser.write(content).close();
      expect(elements).toContain('title');
      expect(elements.length).toBeGreaterThan(20);
    }
    await page.getByRole('button', { name: 'Save as PNG' }).click();
    await expect.poll(async () => (await saved()).length).toBe(4);
    const png = (await saved())[3]!.content as Record<number, number>;
    expect([0, 1, 2, 3].map((at) => png[at])).toEqual([0x89, 0x50, 0x4e, 0x47]);
    await tab('Numbers').click();
    await page.getByRole('button', { name: 'Save Weights as JSON' }).click();
    await expect.poll(async () => (await saved()).length).toBe(5);
    const { layers, queries, keys } = JSON.parse((await saved())[4]!.content as string) as {
      layers: { heads: number[][][] }[];
      queries: string[];
      keys: string[];
    };
    expect(layers).toHaveLength(3);
    for (const row of layers.flatMap(({ heads }) => heads.flat())) {
      expect(row).toHaveLength(keys.length);
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    }
    expect(layers[0]!.heads[0]).toHaveLength(queries.length);
  });

  it('copies what is shown as an image', async () => {
    await open({ text });
    await drawn(12);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as Image' }).click();
    // Where the page is not a secure one there is no clipboard, and it says so.
    await page.getByText(/^(Copied|It could not be copied: .+)$/).waitFor();
  });

  it.each(['dark', 'light', 'highContrast'])('draws as it did, %s', async (theme) => {
    await open({ text, theme });
    await drawn(12);
    const blank = await page.context().newPage();
    const apart = async (name: string, selector: string, part: Part): Promise<void> => {
      const picture = await partOf(page, selector, part);
      expect(await apartFromReference(blank, `${theme}-${name}`, picture), name).toBeLessThan(0.01);
    };
    // One map; what stands beside it is wider or narrower as the font is.
    const [grid, cell] = await Promise.all(
      ['attention-heat-grid', '.cell >> nth=5'].map((selector) => page.locator(selector).boundingBox()),
    );
    const [left, top] = [Math.ceil(cell!.x - grid!.x) + 1, Math.ceil(cell!.y - grid!.y) + 1];
    await apart('map', 'attention-heat-grid canvas', { left, top, width: 140, height: 140 });
    await tab('Lines').click();
    await page.locator('attention-lines[data-drawn]').waitFor();
    await apart('lines', 'attention-lines canvas', { left: 220, top: 0, width: 100, height: 120 });
    await tab('Heat map').click();
    await page.locator('attention-matrix[data-drawn]').waitFor();
    await apart('heat-map', 'attention-matrix canvas', { left: 150, top: 130, width: 200, height: 160 });
  });

  it.each(['dark', 'light', 'highContrast', 'highContrastLight'])(
    'has nothing that axe finds serious, %s',
    async (theme) => {
      await open({ text, theme });
      await drawn(12);
      await page.evaluate(`${axe}; globalThis.axeRun = () => axe.run(document)`);
      for (const view of ['All heads', 'Lines', 'Heat map', 'Numbers', 'Step by step']) {
        await tab(view).click();
        await page.waitForTimeout(100);
        const { violations } = await page.evaluate(() => axeRun());
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(serious.map(({ id, nodes }) => `${view}: ${id} ${nodes[0]!.html.slice(0, 200)}`)).toEqual([]);
      }
    },
  );
});
