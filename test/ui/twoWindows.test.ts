/**
 * Two windows of one VS Code: each has an engine of its own, and what is done in one, or its end, does not touch the
 * other.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MarkedProcesses } from './markedProcesses';
import { StartedVsCode } from './startedVsCode';
import { WorkbenchPage } from './workbenchPage';

const root = path.resolve(import.meta.dirname, '../..');
const results = path.join(root, 'test-results', 'ui-two-windows');

const sentenceLine = 3;
const sentence = 'This program shows a message when a file in `~/Documents` has been changed or removed.';
const command = 'Polyhead: Translate Selection';

describe.skipIf(process.platform !== 'linux')('two windows', () => {
  const processes = new MarkedProcesses();
  let started: StartedVsCode;
  let first: WorkbenchPage;
  let second: WorkbenchPage;
  const engines = (): number[] => processes.those('engine');

  /** Waits for another sentence in the place of this one, with what must stay in it. */
  async function untilTranslated(window: WorkbenchPage): Promise<void> {
    const translated = async (): Promise<boolean> => {
      const text = await window.line(sentenceLine);
      return text !== sentence && text.includes('`~/Documents`');
    };
    await expect.poll(translated, { timeout: 60_000 }).toBe(true);
  }

  beforeAll(async () => {
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    const workspace = path.join(results, 'workspace');
    cpSync(path.join(root, 'test', 'sample-workspace'), workspace, { recursive: true });
    // What one window saves, the other would read.
    mkdirSync(path.join(workspace, '.vscode'));
    writeFileSync(path.join(workspace, '.vscode', 'settings.json'), '{ "files.autoSave": "off" }');
    started = new StartedVsCode(workspace, path.join(results, 'profile'), processes.environment);
    const address = await started.address();
    [first, second] = await Promise.all([WorkbenchPage.open(address), WorkbenchPage.open(address)]);
    for (const window of [first, second]) await window.openFile('README.md');
  });

  afterAll(async () => {
    await first.picture(path.join(results, 'first.png')).catch(() => undefined);
    for (const window of [first, second]) await window.browser.close();
    await started.interrupt();
  });

  it('translate at the same time, each with an engine of its own', async () => {
    for (const window of [first, second]) await window.selectLine(sentenceLine);
    await Promise.all([first.runFromPalette(command), second.runFromPalette(command)]);
    for (const window of [first, second]) await untilTranslated(window);
    await expect
      .poll(async () => (await first.line(sentenceLine)) === (await second.line(sentenceLine)))
      .toBe(true);
    expect(engines()).toHaveLength(2);
    for (const window of [first, second]) await expect.poll(() => window.notifications()).toEqual([]);
  });

  it('do not notice when the engine of the other is restarted', async () => {
    const before = engines();
    await second.runFromPalette('Polyhead: Restart Engine');
    await second.page.locator('.statusbar').getByText('was restarted').waitFor();
    const stayed = engines().filter((pid) => before.includes(pid));
    expect(stayed).toHaveLength(1);
    await first.page.keyboard.press('Control+z');
    await expect.poll(() => first.line(sentenceLine), { timeout: 20_000 }).toBe(sentence);
    await first.selectLine(sentenceLine);
    await first.runFromPalette(command);
    await untilTranslated(first);
    expect(engines()).toEqual(expect.arrayContaining(stayed));
  });

  it('take along only their own engine when they are closed', async () => {
    expect(engines()).toHaveLength(2);
    // What is unsaved is the first window's to ask about.
    second.page.on('dialog', (dialog) => void dialog.accept());
    await second.page.goto('about:blank');
    await expect.poll(() => engines().length, { timeout: 20_000 }).toBe(1);
    await first.page.keyboard.press('Control+z');
    await expect.poll(() => first.line(sentenceLine), { timeout: 20_000 }).toBe(sentence);
    await first.selectLine(sentenceLine);
    await first.runFromPalette(command);
    await untilTranslated(first);
    await expect.poll(() => first.notifications()).toEqual([]);
  });
});
