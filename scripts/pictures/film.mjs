// `node scripts/pictures/film.mjs`: films the installed package at work in the real VS Code, into
// docs/images/translating.png.
import { writeFileSync } from 'node:fs';
import { Failure, enter, say } from '../setup/failure.mjs';
import { inRoot } from '../setup/paths.mjs';
import { stopEverythingOnSignals } from '../setup/processes.mjs';
import { animatedPng } from './animatedPng.mjs';
import { inInstalledWorkbench, openAlone, runFromPalette } from './installedWorkbench.mjs';

const size = { width: 960, height: 540 };
const sentence = 'This program shows a message';
const limitBytes = 1_000_000;

await enter(async () => {
  stopEverythingOnSignals({ announce: () => say('\nStopping …') });
  await inInstalledWorkbench(size, async (page) => {
    const film = animatedPng(await play(page));
    if (film.length > limitBytes)
      throw new Failure(`The film is ${film.length} bytes; ${limitBytes} are enough.`);
    const file = inRoot('docs', 'images', 'translating.png');
    writeFileSync(file, film);
    say(`${file}: ${film.length} bytes`);
  });
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
  const original = page.locator('.monaco-editor .view-lines').getByText(sentence);
  await openAlone(page, 'README.md', sentence);
  await page.mouse.move(size.width / 2, size.height - 40);
  // The first run starts the engine; the film shows what comes after.
  await select(page);
  await page.waitForTimeout(1000);
  await runFromPalette(page, 'Polyhead: Translate Selection');
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
