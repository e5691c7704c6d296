/**
 * Every command as a person reaches it: palette, context menu, keys, status bar. Leaves screenshots in three themes in
 * test-results/.
 */
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StartedVsCode } from './startedVsCode';
import { WorkbenchPage } from './workbenchPage';

const root = path.resolve(import.meta.dirname, '../..');
const results = path.join(root, 'test-results', 'ui-commands');

const sentenceLine = 3;
/** In Markdown a translation below is a paragraph of its own: an empty line stands between. */
const belowLine = sentenceLine + 2;
const sentence = 'This program shows a message when a file in `~/Documents` has been changed or removed.';

interface Manifest {
  contributes: {
    commands: { command: string }[];
    menus: Record<string, { command: string; when?: string; group?: string }[]>;
  };
}
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const { commands, menus } = (read('package.json') as Manifest).contributes;
const texts = read('package.nls.json') as Record<string, string>;
const titleOf = (command: string): string => texts[`${command}.title`]!;

/** With README.md in front and no view of ours in sight, of the conditions only these hold. */
const holds = (when: string | undefined): boolean =>
  when === undefined || when === '!editorReadonly' || when.startsWith('editorLangId =~ /^(markdown|');

/** What the palette is to offer. */
const inPalette = commands
  .map(({ command }) => command)
  .filter((command) => holds(menus['commandPalette']?.find((entry) => entry.command === command)?.when))
  .map(titleOf);

/** What the editor's context menu is to offer, in its order. */
const inMenu = menus['polyhead.editorContext']!.filter(({ when }) => holds(when))
  .sort((one, other) => (one.group! < other.group! ? -1 : 1))
  .map(({ command }) => titleOf(command));

describe('the commands', () => {
  let started: StartedVsCode;
  let workbench: WorkbenchPage;
  const picture = (name: string): Promise<void> => workbench.picture(path.join(results, `${name}.png`));
  const press = (keys: string): Promise<void> => workbench.page.keyboard.press(keys);
  const line = (number: number): Promise<string> => workbench.line(number);

  beforeAll(async () => {
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    const workspace = path.join(results, 'workspace');
    cpSync(path.join(root, 'test', 'sample-workspace'), workspace, { recursive: true });
    started = new StartedVsCode(workspace, path.join(results, 'profile'));
    workbench = await WorkbenchPage.open(await started.address());
    await workbench.openFile('README.md');
    // The extension is there when the palette knows it.
    await workbench.runFromPalette('Polyhead: Restart Engine');
  });

  beforeEach(async () => {
    await workbench.selectLine(sentenceLine);
  });

  afterAll(async () => {
    await picture('end').catch(() => undefined);
    await workbench.browser.close();
    await started.interrupt();
  });

  async function undo(): Promise<void> {
    await press('Control+z');
    await expect.poll(() => line(sentenceLine), { timeout: 20_000 }).toBe(sentence);
  }

  it('are in the palette, and no others', async () => {
    await press('F1');
    await workbench.page.keyboard.type('Polyhead:');
    const rows = workbench.page.locator('.quick-input-widget .monaco-list-row .label-name');
    const offered = async (): Promise<string[]> =>
      (await rows.allInnerTexts()).filter((entry) => entry.startsWith('Polyhead: '));
    // The list draws as many as it has room for; VS Code adds a command for each of our views.
    await expect.poll(async () => (await offered()).length).toBeGreaterThan(8);
    const ours = new Set(inPalette.map((title) => `Polyhead: ${title}`));
    const others = (await offered()).filter((entry) => !ours.has(entry) && !entry.includes(' Focus on '));
    await picture('palette');
    await press('Escape');
    expect(others).toEqual([]);
  });

  it('that concern the text are in the context menu', async () => {
    expect(await workbench.contextMenuEntries(['Polyhead'])).toEqual(inMenu);
  });

  describe.each([
    ['the palette', (title: string) => workbench.runFromPalette(`Polyhead: ${title}`)],
    ['the context menu', (title: string) => workbench.contextMenu(['Polyhead', title])],
  ])('from %s', (_, choose: (title: string) => Promise<unknown>) => {
    it('Translate Selection replaces the text', async () => {
      await choose('Translate Selection');
      await expect.poll(() => line(sentenceLine), { timeout: 60_000 }).not.toBe(sentence);
      await undo();
    });

    it('Insert Translation Below adds a line', async () => {
      const below = await line(belowLine);
      await choose('Insert Translation Below');
      await expect.poll(() => line(belowLine), { timeout: 60_000 }).not.toBe(below);
      await expect.poll(() => line(sentenceLine)).toBe(sentence);
      await press('Control+z');
      await expect.poll(() => line(belowLine), { timeout: 20_000 }).toBe(below);
    });

    it('Copy Translation changes nothing, and says what it did', async () => {
      const said = workbench.page.locator('.statusbar').getByText('Translation copied');
      await said.waitFor({ state: 'detached' });
      await choose('Copy Translation');
      await said.waitFor();
      await expect.poll(() => line(sentenceLine)).toBe(sentence);
    });

    it('Pick Languages and Swap Languages change the pair', async () => {
      await choose('Pick Languages');
      await workbench.quickPick('English → German');
      const pair = (text: string): Promise<void> =>
        workbench.page.locator('.statusbar').getByText(text).waitFor();
      await pair('en → de');
      await workbench.selectLine(sentenceLine);
      await choose('Swap Languages');
      await pair('de → en');
      await workbench.runFromPalette('Polyhead: Pick Languages');
      await workbench.quickPick('Detect both');
      // Two settings, which VS Code writes one after the other: “auto → en” for a moment.
      await expect
        .poll(() => workbench.statusBarItem(/^Polyhead/).innerText(), { timeout: 10_000 })
        .not.toContain('→ en');
    });
  });

  it('Import Model Folder… asks for a folder', async () => {
    await workbench.runFromPalette('Polyhead: Import Model Folder…');
    await workbench.page.locator('.quick-input-widget').getByText('Import a model').waitFor();
    await picture('import');
    await press('Escape');
    // It gives the focus back in its own time.
    await workbench.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await workbench.page.locator('.monaco-editor.focused').waitFor();
  });

  it('Translate Selection works by its keys', async () => {
    await press('Control+k');
    await press('l');
    await expect.poll(() => line(sentenceLine), { timeout: 60_000 }).not.toBe(sentence);
    await undo();
  });

  it('Insert Translation Below works by its keys', async () => {
    const below = await line(belowLine);
    await press('Control+k');
    await press('Shift+l');
    await expect.poll(() => line(belowLine), { timeout: 60_000 }).not.toBe(below);
    await expect.poll(() => line(sentenceLine)).toBe(sentence);
    await picture('inserted-below');
    await undo();
  });

  it('Copy Translation works by its keys, and says so in the status bar', async () => {
    await press('Control+k');
    await press('Alt+l');
    await workbench.page.locator('.statusbar').getByText('Translation copied').waitFor();
    await expect.poll(() => line(sentenceLine)).toBe(sentence);
  });

  it('Pick Languages opens from the status bar, and the choice is shown there', async () => {
    await workbench.statusBarItem(/^Polyhead/).click();
    const offered = await workbench.quickPick('English → German');
    expect(offered[0]).toBe('Detect both');
    await workbench.page.locator('.statusbar').getByText('en → de').waitFor();
    await expect
      .poll(() => workbench.statusBarItem(/^Polyhead/).getAttribute('aria-label'), { timeout: 10_000 })
      .toMatch(/^Polyhead, English → German, the engine is/);
    await workbench.runFromPalette('Polyhead: Pick Languages');
    await workbench.quickPick('Detect both');
  });

  it('Show Log opens the log', async () => {
    await workbench.runFromPalette('Polyhead: Show Log');
    await workbench.page.locator('.part.panel').getByText('The engine is ready').first().waitFor();
    await picture('log');
    await press('Control+j');
    await workbench.openFile('README.md');
  });

  it('Show Compute Devices leads to Verify This Machine, whose report opens', async () => {
    await workbench.runFromPalette('Polyhead: Show Compute Devices');
    const offered = await workbench.quickPick('Verify This Machine');
    expect(offered.map((label) => label.trim())).toEqual(
      expect.arrayContaining(['Translation: cpu', 'Training: cpu', 'Processor', 'webgpu, translation']),
    );
    const report = workbench.page.getByRole('tab', { name: 'Polyhead Machine Report.md' });
    await report.waitFor({ timeout: 300_000 });
    await expect.poll(() => line(1), { timeout: 10_000 }).toBe('# Polyhead: this machine');
    await workbench.page.getByText('The report holds nothing about you.').first().waitFor();
    await picture('machine-report');
    await workbench.runFromPalette('Notifications: Clear All Notifications');
    await workbench.runFromPalette('View: Close Editor');
    await report.waitFor({ state: 'detached' });
    await workbench.openFile('README.md');
  }, 320_000);

  it.each(['Light Modern', 'Dark Modern', 'Dark High Contrast'])('look right in %s', async (theme) => {
    const name = theme.toLowerCase().replaceAll(' ', '-');
    await workbench.setTheme(theme);
    await workbench.selectLine(sentenceLine);
    await workbench.statusBarItem(/^Polyhead/).hover();
    await workbench.page.locator('.monaco-hover').getByText('Swap Languages').waitFor();
    await picture(`${name}-status-bar`);
    await workbench.runFromPalette('Polyhead: Show Compute Devices');
    await workbench.page.locator('.quick-input-widget').getByText('Verify This Machine').waitFor();
    await picture(`${name}-devices`);
    await press('Escape');
    await workbench.runFromPalette('Polyhead: Pick Languages');
    await workbench.page.locator('.quick-input-widget').getByText('Detect both').waitFor();
    await picture(`${name}-pick-languages`);
    // The first Escape may close no more than a tooltip.
    while (await workbench.page.locator('.quick-input-widget').isVisible()) await press('Escape');
  });
});
