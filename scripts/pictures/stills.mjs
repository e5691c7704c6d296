// `node scripts/pictures/stills.mjs`: the README's still pictures of the installed package, into docs/images: a comment
// in translation (comment.png), a translation that says that it is uncertain (uncertain.png), and a training
// (training.png). With names behind it, only those.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { numberPairs } from '../../test/ui/numberPairs.mjs';
import { enter, say } from '../setup/failure.mjs';
import { inRoot } from '../setup/paths.mjs';
import { stopEverythingOnSignals } from '../setup/processes.mjs';
import { inInstalledWorkbench, openAlone, runFromPalette } from './installedWorkbench.mjs';

const size = { width: 960, height: 380 };
const settings = {
  'workbench.colorTheme': 'Default Dark Modern',
  'editor.minimap.enabled': false,
  // What is written here is indented already.
  'editor.autoIndent': 'none',
  'breadcrumbs.enabled': false,
};
const command = 'Polyhead: Translate Selection';

const program = `/**
 * Opens the file and reads the settings. If the file cannot be read, the
 * default values are used and a message is shown.
 *
 * @param file The name of the file.
 * @returns The settings of the program.
 */
export function readSettings(file: string): Settings {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    console.warn(\`Cannot read \${file}.\`); // The default values are used.
    return defaults;
  }
}
`;

await enter(async () => {
  stopEverythingOnSignals({ announce: () => say('\nStopping …') });
  const wanted = process.argv.slice(2);
  const work = async (/** @type {import('playwright-core').Page} */ page) => {
    for (const [name, make] of Object.entries({ comment, uncertain, training }))
      if (wanted.length === 0 || wanted.includes(name)) await make(page);
  };
  await inInstalledWorkbench(size, work, settings);
  return 0;
});

/** @param {import('playwright-core').Page} page @param {string} name */
async function picture(page, name) {
  await page.waitForTimeout(1000);
  await page.screenshot({ path: inRoot('docs', 'images', `${name}.png`) });
}

/**
 * The comment at the cursor, as one text over its lines, wrapped anew.
 * @param {import('playwright-core').Page} page
 */
async function comment(page) {
  await openAlone(page, 'watchFolder.ts', 'Watches a folder');
  await write(page, program);
  await page.keyboard.press('Control+Home');
  await runFromPalette(page, command);
  await page.locator('.view-lines').getByText('Opens the file').waitFor({ state: 'detached' });
  await dismissMessages(page);
  await picture(page, 'comment');
}

/** @param {import('playwright-core').Page} page */
async function uncertain(page) {
  await page.keyboard.press('Control+b');
  await openAlone(page, 'README.md', '# Lighthouse');
  await write(page, 'The settings were saved.\nThou art more lovely and more temperate.\n');
  await page.keyboard.press('Control+a');
  await runFromPalette(page, command);
  await page.locator('.notification-toast').getByText('Uncertain').hover();
  await picture(page, 'uncertain');
}

/**
 * A small model that learns numbers: the view on the left, its curves in the editor.
 * @param {import('playwright-core').Page} page
 */
async function training(page) {
  await page.setViewportSize({ width: 1120, height: 760 });
  const folder = mkdtempSync(path.join(tmpdir(), 'polyhead-corpus-'));
  try {
    const corpus = path.join(folder, 'numbers.en-de.tsv');
    writeFileSync(corpus, numberPairs(500));
    await page.locator('.activitybar').getByRole('tab', { name: 'Polyhead' }).click();
    const view = await viewWith(page, '#form-title');
    await view.getByRole('button', { name: 'Add Files…' }).click();
    const dialog = page.locator('.quick-input-widget');
    await dialog.getByText('README.md').waitFor();
    await dialog.locator('input').fill(corpus);
    await dialog.getByText('numbers.en-de.tsv').waitFor();
    await page.keyboard.press('Enter');
    await view.locator('.corpora').getByText('numbers.en-de.tsv').waitFor();
    await view.getByText('tiny', { exact: true }).click();
    await view.getByText('Details', { exact: true }).click();
    const details = {
      'Warm-up steps': 60,
      'Steps to a checkpoint': 40,
      Vocabulary: 340,
      'Tokens a batch': 600,
    };
    for (const [label, value] of Object.entries(details))
      await view.getByLabel(label, { exact: true }).fill(String(value));
    await view.getByText('at step', { exact: true }).click();
    await view.getByLabel('Steps in all').fill('600');
    await view.getByRole('button', { name: 'Start Training' }).click();
    await view.locator('.samples input[type=range]').waitFor({ timeout: 120_000 });
    await view.getByRole('button', { name: 'Curves' }).click();
    await viewWith(page, '.u-over');
    await page.locator('.pane-header', { hasText: 'Runs and Models' }).click();
    await view.locator('.progress', { hasText: /[67]\d%/ }).waitFor({ timeout: 120_000 });
    await picture(page, 'training');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The webview whose page has such an element. @param {import('playwright-core').Page} page @param {string} selector */
async function viewWith(page, selector) {
  for (;;) {
    for (const frame of page.frames()) {
      const found = await frame
        .locator(selector)
        .count()
        .catch(() => 0);
      if (frame !== page.mainFrame() && found > 0) return frame;
    }
    await page.waitForTimeout(100);
  }
}

/** In the place of all that the editor holds. @param {import('playwright-core').Page} page @param {string} text */
async function write({ keyboard }, text) {
  await keyboard.press('Control+a');
  await keyboard.insertText(text);
}

/** What else VS Code has to say is not the picture's matter. @param {import('playwright-core').Page} page */
async function dismissMessages(page) {
  await runFromPalette(page, 'Notifications: Clear All Notifications');
}
