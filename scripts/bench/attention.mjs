// `npm run bench -- attention`: how long the attention page takes from the arrival of all weights of a sentence to the
// last of its heat maps, and what it computes while a pointer goes over ten pieces of the text then, which changes no map.
// The page is the product's, in Chromium, with synthetic weights in the engine's place.
import { chromium } from 'playwright-core';
import { chromiumArguments } from '../../test/host/launch/browser.mjs';
import { openAttentionPage } from '../../test/pages/openPage.mjs';
import { ensureBuilt } from '../setup/built.mjs';
import { ensureBrowser } from '../setup/systemPackages.mjs';

const [layers, heads, tokens] = [6, 8, 100];
/** The first warms the browser up and does not count. */
const rounds = 10;
const hovered = 10;

/**
 * Milliseconds until all are drawn; and what the page's own thread computed in that time, layout and painting
 * included, which does not depend on what else the machine does.
 */
export async function benchAttention() {
  const executablePath = await ensureBrowser();
  await ensureBuilt();
  const browser = await chromium.launch({ executablePath, args: chromiumArguments });
  try {
    const taken = [];
    for (let round = 0; round < rounds; round++) taken.push(await drawOnce(browser));
    const counted = taken.slice(1);
    return {
      ...{ layers, heads, tokens, rounds: counted.length },
      drawnMs: spread(counted.map(({ drawnMs }) => drawnMs)),
      computedMs: spread(counted.map(({ computedMs }) => computedMs)),
      hoveredMs: spread(counted.map(({ hoveredMs }) => hoveredMs)),
    };
  } finally {
    await browser.close();
  }
}

/** @param {number[]} values */
function spread(values) {
  const sorted = values.toSorted((one, other) => one - other).map((value) => Number(value.toFixed(1)));
  return { least: sorted[0], median: sorted[sorted.length >> 1], most: sorted.at(-1) };
}

/** @param {import('playwright-core').Browser} browser */
async function drawOnce(browser) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const metrics = await page.context().newCDPSession(page);
  await metrics.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await metrics.send('Performance.enable');
  const computed = async () => {
    const { metrics: all } = await metrics.send('Performance.getMetrics');
    return 1000 * (all.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
  // Words of one piece each, and the end.
  const text = Array.from({ length: tokens - 1 }, () => 'file').join(' ');
  await openAttentionPage(page, { layers, heads, text, hold: layers });
  await page.evaluate('polyhead.allHeld');
  const before = await computed();
  const drawnMs = Number(await page.evaluate(`polyhead.release(${layers * heads}, '${tokens}×${tokens}')`));
  const drawn = await computed();
  await hoverOverPieces(page);
  const hoveredMs = (await computed()) - drawn;
  await page.close();
  return { drawnMs, computedMs: drawn - before, hoveredMs };
}

/** From piece to piece, a frame each. @param {import('playwright-core').Page} page */
async function hoverOverPieces(page) {
  const pieces = await page.locator('.strip').first().locator('.chip').all();
  const boxes = await Promise.all(pieces.slice(0, hovered).map((piece) => piece.boundingBox()));
  for (const box of boxes) {
    if (box === null) throw new Error('A piece of the text is not in sight.');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))');
  }
}
