// `node scripts/pictures/stills.mjs`: the README's still pictures of the installed package, into docs/images: a comment
// in translation (comment.png), and a translation that says that it is uncertain (uncertain.png).
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
  const work = async (/** @type {import('playwright-core').Page} */ page) => {
    await comment(page);
    await uncertain(page);
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

/** In the place of all that the editor holds. @param {import('playwright-core').Page} page @param {string} text */
async function write({ keyboard }, text) {
  await keyboard.press('Control+a');
  await keyboard.insertText(text);
}

/** What else VS Code has to say is not the picture's matter. @param {import('playwright-core').Page} page */
async function dismissMessages(page) {
  await runFromPalette(page, 'Notifications: Clear All Notifications');
}
