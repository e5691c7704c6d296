// `npm run bench -- curves`: what a history of many updates takes, from its lines on the disk to curves that follow the
// mouse. The host's part runs in Node, the page's is the product's in Chromium, with synthetic runs in the host's place.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { chromiumArguments } from '../../test/host/launch/browser.mjs';
import { openTrainingPage } from '../../test/pages/openPage.mjs';
import { ensureBuilt } from '../setup/built.mjs';
import { inRoot } from '../setup/paths.mjs';
import { ensureBrowser } from '../setup/systemPackages.mjs';

const lengths = [10_000, 500_000, 1_000_000];
/** The first warms the browser up and does not count. */
const rounds = 4;
const frames = 80;

/** What is done before each frame, in the page; `frame` counts from 0. */
const gestures = {
  /** In, then out again, around a point that wanders. */
  zoom: `const share = 0.2 + 0.6 * (frame % 30) / 30;
    over.dispatchEvent(new WheelEvent('wheel', { deltaY: frame % 40 < 20 ? -60 : 60, bubbles: true, cancelable: true,
      clientX: box.left + share * box.width, clientY: box.top + 20 }));`,
  /** Half of it is seen, and moved to and fro by the keys that do so. */
  pan: `chart.dispatchEvent(new KeyboardEvent('keydown', { shiftKey: true, key: frame % 8 < 4 ? 'ArrowRight' : 'ArrowLeft' }));`,
  /** The pointer crosses the whole picture. */
  point: `over.dispatchEvent(new MouseEvent('mousemove', { bubbles: true,
      clientX: box.left + box.width * (frame % 60) / 60, clientY: box.top + 20 }));`,
};

export async function benchCurves() {
  const executablePath = await ensureBrowser();
  await ensureBuilt();
  const browser = await chromium.launch({ executablePath, args: chromiumArguments });
  try {
    const measured = [];
    for (const points of lengths) {
      const taken = [];
      for (let round = 0; round < rounds; round++) taken.push(await measurePage(browser, points));
      const counted = taken.slice(1);
      measured.push({ points, page: medians(counted), host: await measureHost(points) });
    }
    return { frames, rounds: rounds - 1, measured };
  } finally {
    await browser.close();
  }
}

/** Reads a history of so many lines as the extension host does. @param {number} points */
async function measureHost(points) {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    inRoot('out', 'historyBench.js'),
    String(points),
  ]);
  return JSON.parse(stdout);
}

/**
 * Milliseconds from the arrival of the history's parts to the picture; for each gesture what the page's thread computes a
 * frame and the longest time between two frames; megabytes that the history takes there.
 *
 * @param {import('playwright-core').Browser} browser @param {number} points
 */
async function measurePage(browser, points) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  try {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
    await session.send('Performance.enable');
    const computed = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
    };
    const megabytes = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize } =
        /** @type {{ usedSize: number, backingStorageSize: number }} */ (
          await session.send('Runtime.getHeapUsage')
        );
      return (usedSize + backingStorageSize) / 1e6;
    };
    await openTrainingPage(page, 'curves', { points, hold: 1 });
    await page.locator('.runs li').waitFor();
    const empty = await megabytes();
    /** @type {Record<string, number>} */
    const taken = { drawnMs: Number(await page.evaluate('polyhead.release()')) };
    taken['megabytes'] = (await megabytes()) - empty;
    for (const [name, gesture] of Object.entries(gestures)) {
      const before = await computed();
      const longest = await page.evaluate(`(() => {
        const chart = document.querySelector('polyhead-curve-chart'), over = chart.querySelector('.u-over');
        const box = over.getBoundingClientRect();
        return polyhead.longestFrame(${frames}, (frame) => { ${gesture} });
      })()`);
      taken[`${name}ComputedMs`] = ((await computed()) - before) / frames;
      taken[`${name}LongestMs`] = Number(longest);
      // The next gesture begins where half of it is seen.
      await page.evaluate(
        `document.querySelector('polyhead-curve-chart').dispatchEvent(new KeyboardEvent('keydown', { key: '0' }))`,
      );
      for (let press = 0; press < 2; press++) await page.locator('polyhead-curve-chart').first().press('+');
    }
    return taken;
  } finally {
    await page.close();
  }
}

/** @param {readonly Record<string, number>[]} taken */
function medians(taken) {
  const names = Object.keys(taken[0] ?? {});
  const median = (/** @type {number[]} */ values) =>
    values.toSorted((one, other) => one - other)[values.length >> 1];
  return Object.fromEntries(
    names.map((name) => [name, Number((median(taken.map((one) => one[name] ?? NaN)) ?? NaN).toFixed(1))]),
  );
}
