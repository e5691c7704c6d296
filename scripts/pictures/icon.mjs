// `node scripts/pictures/icon.mjs`: draws images/icon.png from images/icon.svg.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { chromiumArguments } from '../../test/host/launch/browser.mjs';
import { enter } from '../setup/failure.mjs';
import { inRoot } from '../setup/paths.mjs';
import { ensureBrowser } from '../setup/systemPackages.mjs';

/** The Marketplace asks for at least 128; screens of twice the density show 256. */
const side = 256;

await enter(async () => {
  const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: chromiumArguments });
  try {
    const page = await browser.newPage({ viewport: { width: side, height: side } });
    const svg = readFileSync(inRoot('images', 'icon.svg'), 'utf8');
    await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
    await page.screenshot({ path: inRoot('images', 'icon.png'), omitBackground: true });
  } finally {
    await browser.close();
  }
  return 0;
});
