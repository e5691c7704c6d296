// `npm run bench`: measures what a person waits for, and prints it as JSON. Numbers, no verdict: they belong to the
// machine, so run it on a quiet one.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { chromiumArguments, runInHost } from '../test/host/launch/browser.mjs';
import { openAttentionPage } from '../test/pages/openPage.mjs';
import { ensureBuilt } from './setup/built.mjs';
import { Failure, enter, say } from './setup/failure.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { inRoot, resultsFolder } from './setup/paths.mjs';
import { stopEverythingOnSignals } from './setup/processes.mjs';
import { ensureQuickHost } from './setup/quickHost.mjs';
import { ensureBrowser } from './setup/systemPackages.mjs';

const mark = '[bench] ';
const limitMs = 5 * 60_000;

/** Milliseconds in VS Code: the extension's activation, the first translation (which starts engine and model), later ones. */
async function benchTranslation() {
  const browser = await ensureBrowser();
  await ensureQuickHost();
  await ensureBuilt();
  const folder = path.join(resultsFolder, 'bench');
  const { report, ending } = await runInHost('translationBench', {
    chromium: browser,
    folder,
    limitMs,
    print: say,
  });
  const line = report.otherLines.find((text) => text.includes(mark));
  if (line === undefined) {
    throw new Failure(
      `${ending} before the benchmark was through.\n${report.otherLines.slice(-10).join('\n')}`,
    );
  }
  return JSON.parse(line.slice(line.indexOf(mark) + mark.length));
}

/** Processor milliseconds of a sentence with the shipped model en-de, in 8 bits, and with its float16 parent, in turns. */
async function benchWeights() {
  await ensureBuilt();
  const { stdout } = await promisify(execFile)(process.execPath, [
    inRoot('out', 'weightsBench.js'),
    inRoot('models'),
  ]);
  return JSON.parse(stdout);
}

/** Rounds of the attention benchmark; the first warms the browser up and does not count. */
const rounds = 8;

/**
 * Milliseconds from the arrival of the weights of 6 layers × 8 heads × 100 × 100 to all of them drawn; and what the
 * page's thread computed in that time, which does not depend on what else the machine does.
 */
async function benchAttention() {
  const executablePath = await ensureBrowser();
  await ensureBuilt();
  const browser = await chromium.launch({ executablePath, args: chromiumArguments });
  try {
    const taken = [];
    for (let round = 0; round < rounds; round++) taken.push(await drawOnce(browser));
    const median = (/** @type {number[]} */ values) => values.sort((one, other) => one - other)[values.length >> 1];
    const counted = taken.slice(1);
    return {
      ...{ layers: 6, heads: 8, tokens: 100, rounds: counted.length },
      drawnMs: median(counted.map(({ drawnMs }) => drawnMs)),
      computedMs: median(counted.map(({ computedMs }) => computedMs)),
    };
  } finally {
    await browser.close();
  }
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
  // 99 words of one piece each, and the end.
  const text = Array.from({ length: 99 }, () => 'file').join(' ');
  await openAttentionPage(page, { layers: 6, heads: 8, text, hold: 1 });
  await page.waitForFunction('polyhead.held.length === 6');
  const before = await computed();
  const released = Number(await page.evaluate('polyhead.release()'));
  const drawn = await page.waitForFunction(
    `(() => {
      const maps = [...document.querySelectorAll('.cell [data-drawn="100×100"]')];
      return maps.length === 48 && Math.max(...maps.map((map) => Number(map.dataset.drawnAt)));
    })()`,
  );
  const drawnMs = Number(await drawn.jsonValue()) - released;
  const computedMs = (await computed()) - before;
  await page.close();
  return { drawnMs: Math.round(drawnMs), computedMs: Math.round(computedMs) };
}

/** @type {Readonly<Record<string, () => Promise<unknown>>>} */
const benchmarks = { translation: benchTranslation, weights: benchWeights, attention: benchAttention };

await enter(async () => {
  const [name = 'translation'] = process.argv.slice(2);
  const benchmark = benchmarks[name];
  if (benchmark === undefined) {
    throw new Failure(
      `There is no benchmark “${name}”; there are: ${Object.keys(benchmarks).join(', ')}.`,
      2,
    );
  }
  stopEverythingOnSignals({ announce: () => say('\nStopping …') });
  await ensureInstalled();
  process.stdout.write(`${JSON.stringify({ [name]: await benchmark() })}\n`);
  return 0;
});
