/**
 * The training pages in a browser, with synthetic runs in the host’s place: the sidebar in every state that it may be in,
 * and curves of half a million updates.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { ensureBuilt } from '../../scripts/setup/built.mjs';
import { openTrainingPage } from '../pages/openPage.mjs';

const axe = readFileSync(path.resolve(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');

/** What the page has in the host’s place, as far as this test reaches in. */
interface Handle {
  readonly sent: { kind: string; method?: string; parameters?: Record<string, unknown> }[];
  readonly saved: { format: string; content: Record<number, number> }[];
  failing: string | null;
  post(message: unknown): void;
  setTheme(name: string): void;
  stand(...standings: string[]): void;
  longestFrame(frames: number, act: (frame: number) => void): Promise<number>;
}
declare const polyhead: Handle;
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

async function open(
  name: 'training' | 'curves',
  how: Readonly<Record<string, string | number>>,
): Promise<void> {
  const viewport = name === 'curves' ? { width: 1100, height: 800 } : { width: 340, height: 900 };
  page = await (await browser.newContext({ viewport })).newPage();
  page.setDefaultTimeout(15_000);
  faults = await openTrainingPage(page, name, how);
}

const button = (name: string) => page.getByRole('button', { name, exact: true });
const asked = (method: string): Promise<Handle['sent']> =>
  page.evaluate((name) => polyhead.sent.filter((message) => message.method === name), method);

async function serious(): Promise<string[]> {
  const { violations } = await page.evaluate(() => axeRun());
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)}`);
}

/** What the page sends when a button is pressed. */
async function actOf(name: string): Promise<unknown> {
  await button(name).click();
  return (await asked('act')).at(-1)?.parameters?.['action'];
}

describe('the sidebar', () => {
  /** What a run in each state says of it, and offers. */
  const standings: readonly [standing: string, says: RegExp, ...offers: string[]][] = [
    ['preparing', /Reading the corpus · 184,000 of 540,000/, 'Pause', 'Stop'],
    ['running', /42% · 34m 48s left/, 'Pause', 'Stop', 'Use for Translation', 'Curves'],
    ['warned', /1,204 lines are malformed/, 'Pause', 'Stop'],
    ['alone', /Waits for its turn/, 'Start Now', 'Stop'],
    ['paused', /^Paused$/, 'Resume', 'Stop'],
    ['onBattery', /It goes on by itself when there is mains/, 'Resume', 'Stop'],
    ['closed', /Saved after step 4,200, when its window closed/, 'Resume', 'Stop'],
    ['diskFull', /Make room, then resume/, 'Resume', 'Stop'],
    ['interrupted', /Resume goes on from the checkpoint after step 4,000/, 'Resume', 'Stop'],
    ['failed', /The loss of step 4201 is not a number/, 'Try Again', 'New Run Like This'],
    ['failedAtOnce', /has no line with a source/, 'Try Again', 'New Run Like This'],
    ['finished', /Trained for 25m 12s/, 'Train Further', 'Use for Translation', 'New Run Like This'],
    ['used', /Used for translation/, 'Train Further', 'Use the Previous Model Again'],
    ['stopped', /^Stopped$/, 'Train Further', 'Use for Translation', 'New Run Like This'],
    ['elsewhere', /Another window trains this run/],
  ];

  it('says of a run in every state how it stands, and offers what can be done about it', async () => {
    await open('training', { state: 'running' });
    for (const [standing, says, ...offers] of standings) {
      await page.evaluate((name) => polyhead.stand(name), standing === 'alone' ? 'queued' : standing);
      await page.getByText(says).first().waitFor();
      for (const offer of offers) expect(await button(offer).count(), `${standing}: ${offer}`).toBe(1);
      const others = ['Pause', 'Resume', 'Stop', 'Start Now', 'Try Again', 'Train Further'];
      for (const other of others.filter((name) => !offers.includes(name)))
        expect(await button(other).count(), `${standing}: ${other}`).toBe(0);
    }
    await page.evaluate(() => polyhead.stand('running'));
    expect(await actOf('Pause')).toBe('pause');
    expect(await actOf('Stop')).toBe('stop');
    expect(await actOf('Use for Translation')).toBe('use');
    await page.evaluate(() => polyhead.stand('saving'));
    await expect.poll(() => button('Pause').isDisabled()).toBe(true);
  });

  it('shows what the model said earlier, and how far it is, in every theme', async () => {
    await open('training', { state: 'running' });
    await page.getByText('weil sie benutzt wird').waitFor();
    await page.getByLabel('Earlier and later translations').fill('0');
    await page.getByText('Die die die die.').waitFor();
    const blank = await page.context().newPage();
    for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight']) {
      await page.evaluate((name) => polyhead.setTheme(name), theme);
      const picture = await page.getByRole('progressbar').screenshot();
      const [done, left] = await blank.evaluate<string[]>(coloursAcross(picture));
      expect(done, theme).not.toBe(left);
    }
  });

  it('says why it cannot be filled, and tries again', async () => {
    await open('training', { state: 'form', fail: 'open' });
    await page.getByText('The translation engine stopped unexpectedly').waitFor();
    expect(await page.getByRole('progressbar').count()).toBe(0);
    await page.evaluate(() => (polyhead.failing = null));
    await button('Try Again').click();
    await button('Start Training').waitFor();
    expect(await page.getByText('The translation engine stopped unexpectedly').count()).toBe(0);
  });

  it('says at its foot that something speaks against the run', async () => {
    await open('training', { state: 'warnings' });
    await button('3 warnings').click();
    await expect.poll(() => page.getByText('11 GB of the disk').isVisible()).toBe(true);
    expect(await button('Start Training').isEnabled()).toBe(true);
  });

  it('fine-tunes a model that is there', async () => {
    await open('training', { state: 'form' });
    await page.getByText('A model that is there: fine-tune it').click();
    await expect
      .poll(() => page.getByLabel('A model that is there').last().inputValue())
      .toBe('model:0:en-de');
    expect(await page.getByText('tiny', { exact: true }).count()).toBe(0);
    await page.getByText('About 1h, 1.2 GB of memory').waitFor();
    await button('Start Training').click();
    await page.getByText('Reading the corpus').waitFor();
    const form = (await asked('start')).at(-1)?.parameters?.['form'] as Record<string, unknown>;
    expect(form).toMatchObject({
      base: 'model:0:en-de',
      from: 'en',
      to: 'de',
      details: { warmupSteps: 200 },
    });
  });

  it('changes nothing for 10,000 messages that are none', async () => {
    await open('training', { state: 'running' });
    await page.getByText('weil sie benutzt wird').waitFor();
    const before = await page.locator('main').innerText();
    await page.evaluate(postNonsense);
    // What comes after them is understood.
    expect(await page.locator('main').innerText()).toBe(before);
    await page.evaluate(() => polyhead.stand('paused'));
    await button('Resume').waitFor();
  });

  it.each(['dark', 'light', 'highContrast', 'highContrastLight'])(
    'has nothing that axe finds serious, %s',
    async (theme) => {
      await open('training', { state: 'running', theme });
      await page.evaluate(`${axe}; globalThis.axeRun = () => axe.run(document)`);
      for (const [standing, says] of standings.filter(([name]) => name !== 'alone')) {
        await page.evaluate((name) => polyhead.stand(name), standing);
        await page.getByText(says).first().waitFor();
        if (['running', 'onBattery', 'interrupted', 'failed', 'used'].includes(standing))
          expect(await serious(), standing).toEqual([]);
      }
      faults.push(...(await openTrainingPage(page, 'training', { state: 'warnings', theme })));
      await page.getByText('Details', { exact: true }).click();
      await button('3 warnings').waitFor();
      await page.evaluate(`${axe}; globalThis.axeRun = () => axe.run(document)`);
      expect(await serious()).toEqual([]);
    },
  );
});

describe('the curves', () => {
  const points = 500_000;
  const chart = () => page.locator('polyhead-curve-chart').first();
  const picture = (): Promise<string> =>
    chart()
      .locator('canvas')
      .evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());
  const save = async (format: 'SVG' | 'CSV' | 'PNG'): Promise<Uint8Array> => {
    const before = await page.evaluate(() => polyhead.saved.length);
    await button(`Save as ${format}`).click();
    await expect.poll(() => page.evaluate(() => polyhead.saved.length), { timeout: 30_000 }).toBe(before + 1);
    const bytes = await page.evaluate(() =>
      Array.from(polyhead.saved.at(-1)!.content as unknown as number[]),
    );
    return Uint8Array.from(bytes);
  };

  it('of half a million updates follow mouse and keys', async () => {
    await open('curves', { points });
    await page.getByText(`Step ${points.toLocaleString('en')}`).waitFor({ timeout: 60_000 });
    const whole = await picture();
    const box = (await chart().locator('.u-over').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 40);
    await page
      .locator('.tip')
      .getByText(/^2[45]\d,\d{3}$/)
      .waitFor();
    // A second on a machine that does other things too; a page that stalls takes many.
    const longest = await page.evaluate(turnWheel);
    expect(longest).toBeLessThan(1000);
    await expect.poll(picture).not.toBe(whole);
    const zoomed = await picture();
    await chart().press('Shift+ArrowRight');
    await expect.poll(picture).not.toBe(zoomed);
    await chart().press('0');
    await page.mouse.move(0, 0);
    await expect.poll(picture).toBe(whole);
  });

  it('of half a million updates are saved whole', async () => {
    await open('curves', { points });
    await page.getByText(`Step ${points.toLocaleString('en')}`).waitFor({ timeout: 60_000 });
    await button('Save as CSV').click();
    await expect.poll(() => page.evaluate(() => polyhead.saved.length), { timeout: 60_000 }).toBe(1);
    const lines = await page.evaluate(() => {
      const { content } = polyhead.saved[0]!;
      let count = 0;
      for (const byte of content as unknown as Iterable<number>) if (byte === 10) count++;
      return count;
    });
    expect(lines).toBe(points + 1);
  });

  it('tell what all runs say where the pointer is, the highest first', async () => {
    await open('curves', { points: 4000, runs: 3 });
    await page.locator('.reading').nth(2).waitFor();
    const box = (await chart().locator('.u-over').boundingBox())!;
    await page.mouse.move(box.x + 0.6 * box.width, box.y + 40);
    const rows = page.locator('.tip tr:has(td)');
    await expect
      .poll(() => rows.locator('.name').allInnerTexts())
      .toEqual(['Twice as wide', 'More dropout', 'English → German']);
    const values = (await rows.locator('b').allInnerTexts()).map(Number);
    expect(values).toEqual([...values].sort((one, other) => other - one));
    const list = await page.locator('.reading b').allInnerTexts();
    expect(values.map(String)).toEqual([...list].reverse().map((text) => String(Number(text))));
    // It is beside the line, on the side where there is room.
    const tip = (await page.locator('.tip').boundingBox())!;
    expect(tip.x + tip.width).toBeLessThan(box.x + 0.6 * box.width);
    await page.mouse.move(box.x + 0.2 * box.width, box.y + 40);
    await expect
      .poll(async () => (await page.locator('.tip').boundingBox())!.x)
      .toBeGreaterThan(box.x + 0.2 * box.width);
    await page.mouse.move(5, 5);
    await page.locator('.tip').waitFor({ state: 'detached' });
  });

  it('are as high as most values, unless outliers are to count', async () => {
    await open('curves', { points: 4000, runs: 3 });
    await page.locator('.reading').nth(2).waitFor();
    const highest = async (): Promise<number> => {
      const svg = new TextDecoder().decode(await save('SVG'));
      // The numbers beside the first chart, before its title's successor.
      const [first] = svg.split('Validation loss');
      const numbers = [...first!.matchAll(/text-anchor="end">([\d.]+)</g)].map(([, number]) =>
        Number(number),
      );
      return Math.max(...numbers);
    };
    const calm = await highest();
    await page.getByText('Ignore outliers').click();
    expect(await highest()).toBeGreaterThan(calm);
  });

  it('change nothing for 10,000 messages that are none', async () => {
    await open('curves', { points: 1000 });
    await page.locator('.reading').waitFor();
    const before = await page.locator('body').innerText();
    await page.evaluate(postNonsense);
    expect(await page.locator('body').innerText()).toBe(before);
    await page.evaluate(() => polyhead.stand('finished'));
    await page.getByText('en → de · Finished').waitFor();
  });

  it.each(['dark', 'light', 'highContrast', 'highContrastLight'])(
    'have nothing that axe finds serious, %s',
    async (theme) => {
      await open('curves', { points: 1000, runs: 3, theme });
      await page.locator('.reading').nth(2).waitFor();
      await chart().press('ArrowRight');
      await page.locator('.tip').waitFor();
      await page.evaluate(`${axe}; globalThis.axeRun = () => axe.run(document)`);
      expect(await serious()).toEqual([]);
    },
  );
});

// What runs in the page, whose types the tests do not have.

/** The colours of a picture near its two ends. */
const coloursAcross = (picture: Buffer): string => `(async () => {
  const bytes = Uint8Array.from(atob('${picture.toString('base64')}'), (sign) => sign.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  return [0.1, 0.8].map((share) =>
    [...canvas.getImageData(Math.round(share * image.width), image.height >> 1, 1, 1).data].join());
})()`;

/** Zooms in for forty frames. @returns the longest time between two */
const turnWheel = `(() => {
  const over = document.querySelector('.u-over'), box = over.getBoundingClientRect();
  const wheel = { deltaY: -40, bubbles: true, cancelable: true, clientX: box.left + box.width / 3, clientY: box.top + 9 };
  return polyhead.longestFrame(40, () => over.dispatchEvent(new WheelEvent('wheel', wheel)));
})()` as unknown as () => Promise<number>;

const postNonsense = `(async () => {
  const odd = [null, 7, 'text', [], {}, { kind: 'reply' }, { kind: 'reply', id: 99, reply: 1 },
    { kind: 'event', name: 'runs', value: [{ id: 7 }] }, { kind: 'event', name: '__proto__', value: 1 },
    { kind: 'event', name: 'history', value: { run: 'run-0', stepsFrom: 0, steps: {}, complete: true } },
    { kind: 'event', name: 'show', value: { run: 1 } }, { kind: 'failure', id: 1, code: 'none', message: 'x' },
    { kind: 'progress', id: 1, progress: {} }];
  for (let count = 0; count < 10000; count++) polyhead.post(odd[count % odd.length]);
  // A message that comes after all of them, and the frames that would show what they did.
  await new Promise((resolve) => { onmessage = ({ data }) => data === 'last' && resolve(); polyhead.post('last'); });
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
})()` as unknown as () => Promise<void>;
