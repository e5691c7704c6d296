// A workbench in a browser with nothing but the package installed, on the sample workspace: what is photographed is what
// people get.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumArguments } from '../../test/host/launch/browser.mjs';
import { buildBundles } from '../package/bundles.mjs';
import { installPackage } from '../package/install.mjs';
import { packStage } from '../package/pack.mjs';
import { stagePackage } from '../package/stage.mjs';
import { thisTarget } from '../package/targets.mjs';
import { Failure } from '../setup/failure.mjs';
import { inRoot } from '../setup/paths.mjs';
import { ensureBrowser } from '../setup/systemPackages.mjs';
import { startWorkbenchServer } from '../setup/workbenchServer.mjs';

/**
 * Packs, installs and opens it; ends and removes all of it after the work.
 *
 * @param {{ width: number, height: number }} size of the window
 * @param {(page: import('playwright-core').Page) => Promise<void>} work
 * @param {Readonly<Record<string, unknown>>} [settings] of the workspace
 */
export async function inInstalledWorkbench(size, work, settings = {}) {
  const executablePath = await ensureBrowser();
  const target = thisTarget();
  if (target === undefined) throw new Failure('There is no package for this machine.');
  const { file: vsix } = await packStage(stagePackage(target, await buildBundles()), 'pictures');
  const folder = mkdtempSync(path.join(tmpdir(), 'polyhead-pictures-'));
  const workspace = path.join(folder, 'lighthouse');
  cpSync(inRoot('test', 'sample-workspace'), workspace, { recursive: true });
  mkdirSync(path.join(workspace, '.vscode'));
  writeFileSync(path.join(workspace, '.vscode', 'settings.json'), JSON.stringify(settings));
  const stateFolder = path.join(folder, 'vscode');
  await installPackage(vsix, stateFolder);
  const server = await startWorkbenchServer({ stateFolder, port: '0', underTest: true });
  const browser = await chromium.launch({ executablePath, args: chromiumArguments });
  try {
    const page = await browser.newPage({ viewport: size });
    await page.goto(server.url(workspace));
    await work(page);
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(vsix, { force: true });
  }
}

/**
 * Opens a file in the whole of the window.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} name
 * @param {string} text of its beginning
 */
export async function openAlone(page, name, text) {
  const explorer = page.locator('.explorer-folders-view');
  if (!(await explorer.isVisible())) await page.keyboard.press('Control+Shift+e');
  await explorer.getByRole('treeitem', { name }).dblclick();
  const lines = page.locator('.editor-instance .monaco-editor .view-lines');
  await lines.getByText(text).waitFor();
  await lines.first().click();
  await page.keyboard.press('Control+b');
  await explorer.waitFor({ state: 'hidden' });
  // The editor takes the place a moment later, and scrolls until then to where its cursor is.
  await page.keyboard.press('Control+Home');
  for (;;) {
    const box = await page.locator('.editor-instance .monaco-editor').first().boundingBox();
    const scrolled = await lines.first().evaluate((element) => element.getBoundingClientRect().left);
    if (box !== null && box.x < 60 && scrolled > box.x) return;
    await page.waitForTimeout(50);
  }
}

/**
 * Runs a command from the palette, which may know it only once the extension is there.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} title
 */
export async function runFromPalette(page, title) {
  const entry = page.locator('.quick-input-widget .monaco-list-row', { hasText: title });
  for (let attempt = 1; attempt <= 10; attempt++) {
    await page.keyboard.press('F1');
    await page.keyboard.type(title);
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
  throw new Failure(`The palette does not offer “${title}”.`);
}
