// `node scripts/pictures/film.mjs`: films the installed package at work in the real VS Code, into
// docs/images/translating.png.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumArguments } from '../../test/host/launch/browser.mjs';
import { buildBundles } from '../package/bundles.mjs';
import { installPackage } from '../package/install.mjs';
import { packStage } from '../package/pack.mjs';
import { stagePackage } from '../package/stage.mjs';
import { thisTarget } from '../package/targets.mjs';
import { Failure, enter, say } from '../setup/failure.mjs';
import { inRoot } from '../setup/paths.mjs';
import { stopEverythingOnSignals } from '../setup/processes.mjs';
import { ensureBrowser } from '../setup/systemPackages.mjs';
import { startWorkbenchServer } from '../setup/workbenchServer.mjs';
import { animatedPng } from './animatedPng.mjs';

const size = { width: 960, height: 540 };
const sentence = 'This program shows a message';
const limitBytes = 1_000_000;

await enter(async () => {
  stopEverythingOnSignals({ announce: () => say('\nStopping …') });
  const executablePath = await ensureBrowser();
  const target = thisTarget();
  if (target === undefined) throw new Failure('There is no package for this machine.');
  const { file: vsix } = await packStage(stagePackage(target, await buildBundles()), 'film');
  const folder = mkdtempSync(path.join(tmpdir(), 'polyhead-film-'));
  const workspace = path.join(folder, 'lighthouse');
  cpSync(inRoot('test', 'sample-workspace'), workspace, { recursive: true });
  const stateFolder = path.join(folder, 'vscode');
  await installPackage(vsix, stateFolder);
  const server = await startWorkbenchServer({ stateFolder, port: '0', underTest: true });
  const browser = await chromium.launch({ executablePath, args: chromiumArguments });
  try {
    const page = await browser.newPage({ viewport: size });
    await page.goto(server.url(workspace));
    const film = animatedPng(await play(page));
    if (film.length > limitBytes)
      throw new Failure(`The film is ${film.length} bytes; ${limitBytes} are enough.`);
    const file = inRoot('docs', 'images', 'translating.png');
    writeFileSync(file, film);
    say(`${file}: ${film.length} bytes`);
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(vsix, { force: true });
  }
  return 0;
});

/**
 * Select, run the command from the palette, read, undo.
 * @param {import('playwright-core').Page} page
 */
async function play(page) {
  /** @type {{ png: Buffer, milliseconds: number }[]} */
  const frames = [];
  const take = async (/** @type {number} */ milliseconds) => {
    await page.waitForTimeout(700);
    frames.push({ png: await page.screenshot({ caret: 'initial' }), milliseconds });
  };
  const { keyboard } = page;
  const lines = page.locator('.monaco-editor .view-lines');
  const original = lines.getByText(sentence);
  await page.locator('.explorer-folders-view').getByRole('treeitem', { name: 'README.md' }).dblclick();
  await original.waitFor();
  await keyboard.press('Control+b');
  await lines.first().click();
  await page.mouse.move(size.width / 2, size.height - 40);
  // The first run starts the engine; the film shows what comes after.
  await translate(page);
  await original.waitFor({ state: 'detached' });
  await keyboard.press('Control+z');
  await original.waitFor();
  await keyboard.press('Control+Home');

  await take(1200);
  await select(page);
  await take(1200);
  await keyboard.press('F1');
  for (const typed of ['Transl', 'ate Selection']) {
    await keyboard.type(typed);
    await take(typed.startsWith('ate') ? 1200 : 500);
  }
  await keyboard.press('Enter');
  await original.waitFor({ state: 'detached' });
  await take(2600);
  await keyboard.press('Control+z');
  await original.waitFor();
  await take(1200);
  return frames;
}

/** @param {import('playwright-core').Page} page */
async function select({ keyboard }) {
  for (const key of ['Control+Home', 'ArrowDown', 'ArrowDown', 'Home', 'Shift+End'])
    await keyboard.press(key);
}

/** @param {import('playwright-core').Page} page */
async function translate(page) {
  const entry = page.locator('.quick-input-widget .monaco-list-row', {
    hasText: 'Polyhead: Translate Selection',
  });
  await select(page);
  await page.waitForTimeout(1000);
  for (let attempt = 1; attempt <= 10; attempt++) {
    await page.keyboard.press('F1');
    await page.keyboard.type('Polyhead: Translate Selection');
    const offered = await entry
      .first()
      .waitFor({ timeout: 3000 })
      .then(
        () => true,
        () => false,
      );
    await page.keyboard.press(offered ? 'Enter' : 'Escape');
    if (offered) return;
  }
  throw new Failure('The palette does not offer the command.');
}
