/**
 * A VS Code with Polyhead of which one process is killed, again and again, while it translates a document; after each
 * time it is looked at what has become of the document, and of the other processes. A document is either as it was or
 * translated, whether on disk, in the editor or in the copy that VS Code keeps of what has not been saved.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { MarkedProcesses, type Part } from './markedProcesses';
import { isAlive, StartedVsCode } from './startedVsCode';
import { WorkbenchPage } from './workbenchPage';

const root = path.resolve(import.meta.dirname, '../..');

/** How long an engine may outlive its extension host. */
const orphanMs = 2000;
/** How long VS Code may take for what it does by itself. */
const patienceMs = 60_000;
/** How long a command may take to reach an extension, which may have to be activated first. */
const commandMs = 10_000;
const fileName = 'text.md';
const command = 'Polyhead: Translate Selection';

/** A text that takes a second or two to translate. */
const original = [
  '# Notes',
  '',
  'The file was saved on the server. Please open the settings and choose a language.',
  '',
  '- The window can be closed now.',
  '- The program checks the folder every ten seconds.',
  '- If a file has been removed, a message appears on the screen.',
  '',
  'You can stop it at any time with `Ctrl+C`. The default value is 10.',
  '',
].join('\n');

export interface Kill {
  readonly part: Part;
  /** When, from the start of the engine (0) to the moment at which an undisturbed translation is there (1), or later. */
  readonly moment: number;
}

export class KilledVsCode {
  readonly #processes = new MarkedProcesses();
  readonly #workspace: string;
  readonly #profile: string;
  readonly #file: string;
  readonly #backupFolder: string;
  #started: StartedVsCode | undefined;
  #workbench: WorkbenchPage | undefined;
  #address = '';
  #translated = '';
  #undisturbedMs = 0;

  /** @param folder for its workspace and its profile; must not exist */
  constructor(folder: string) {
    this.#workspace = path.join(folder, 'workspace');
    this.#profile = path.join(folder, 'profile');
    this.#file = path.join(this.#workspace, fileName);
    this.#backupFolder = path.join(this.#profile, 'user', 'User', 'Backups');
    cpSync(path.join(root, 'test', 'sample-workspace'), this.#workspace, { recursive: true });
    const settings = {
      // Saved is what a person saves; the rest is VS Code's to keep.
      'files.autoSave': 'off',
      'polyhead.sourceLanguage': 'en',
      'polyhead.targetLanguage': 'de',
    };
    mkdirSync(path.join(this.#workspace, '.vscode'));
    writeFileSync(path.join(this.#workspace, '.vscode', 'settings.json'), JSON.stringify(settings));
    this.#install();
  }

  /** Starts it, and translates once in peace, to know what the translation is. */
  async start(): Promise<void> {
    await this.#startServer();
    await this.#openOriginal();
    await this.#translateAll();
    const begun = performance.now();
    await this.#untilDirty();
    this.#undisturbedMs = performance.now() - begun;
    await this.#save();
    this.#translated = this.#onDisk();
    // Nothing of it was there before all of it was.
    const sentences = original.split('\n').filter((line) => line.length > 20);
    expect(sentences.filter((line) => this.#translated.includes(line))).toEqual([]);
  }

  /**
   * Kills one process at one moment, and looks. Throws, in vitest's words, where something is not as it should be.
   *
   * @returns which the document was, once it had been saved
   */
  async kill({ part, moment }: Kill): Promise<'original' | 'translated'> {
    await this.#openOriginal();
    await this.#translateAll();
    await delay(moment * this.#undisturbedMs);
    const victims = this.#processes.those(part);
    expect(victims).not.toEqual([]);
    for (const pid of victims) process.kill(pid, 'SIGKILL');
    await this.#expectNoOrphans(part, victims);
    expect(this.#onDisk()).toBe(original);
    await this.#recover(part);
    for (const copy of this.#backups()) this.#expectWhole(copy);
    await this.#save();
    this.#expectWhole(this.#onDisk());
    const outcome = this.#onDisk() === original ? 'original' : 'translated';
    await this.#expectAtWork(outcome);
    return outcome;
  }

  /** Ends it. Throws if it left something running, and ends that too. */
  async end(): Promise<void> {
    await this.#workbench?.browser.close();
    await this.#started?.interrupt();
    try {
      await this.#until('the end of every engine', () => this.#processes.those('engine').length === 0);
    } finally {
      for (const pid of this.#processes.those('engine')) process.kill(pid, 'SIGKILL');
    }
  }

  /** Says where a person finds what has happened, with a picture of this moment. */
  async explain(picture: string): Promise<void> {
    await this.#workbench?.picture(picture).catch(() => undefined);
    console.error(
      `Screenshot: ${picture}\nThe logs of VS Code and Polyhead: ${path.join(this.#profile, 'user', 'logs')}`,
    );
  }

  /**
   * Names this repository in the profile's list of installed extensions. An extension under development would do but
   * for one thing: VS Code keeps no copies of unsaved documents then.
   */
  #install(): void {
    const { publisher, name, version } = JSON.parse(
      readFileSync(path.join(root, 'package.json'), 'utf8'),
    ) as Record<string, string>;
    const location = { $mid: 1, path: root, scheme: 'file' };
    const extension = { identifier: { id: `${publisher}.${name}` }, version, location };
    mkdirSync(path.join(this.#profile, 'extensions'), { recursive: true });
    writeFileSync(path.join(this.#profile, 'extensions', 'extensions.json'), JSON.stringify([extension]));
  }

  async #startServer(): Promise<void> {
    this.#started = new StartedVsCode(this.#workspace, this.#profile, this.#processes.environment);
    const address = new URL(await this.#started.address());
    const file = `vscode-remote://${address.host}${this.#file}`;
    address.searchParams.set('payload', JSON.stringify([['openFile', file]]));
    this.#address = address.href;
    if (this.#workbench !== undefined) return;
    this.#workbench = await WorkbenchPage.blank();
    // A page with something unsaved asks whether to leave it.
    this.#workbench.page.on('dialog', (dialog) => void dialog.accept());
  }

  /** What a person does who comes back: opens the address. */
  async #openPage(): Promise<void> {
    const { page } = this.#page();
    await page.goto(this.#address, { timeout: patienceMs });
    await page.getByRole('tab', { name: fileName }).waitFor({ timeout: patienceMs });
    await page.locator('.monaco-editor .view-line').first().click({ timeout: patienceMs });
  }

  /** Opens the document as it was before any translation, in a page of its own with an extension host of its own. */
  async #openOriginal(): Promise<void> {
    await this.#leavePage();
    rmSync(this.#backupFolder, { recursive: true, force: true });
    writeFileSync(this.#file, original);
    await this.#openPage();
  }

  /** Leaves the page, and with it the extension host. */
  async #leavePage(): Promise<void> {
    await this.#page().page.goto('about:blank');
    await this.#until(
      'the end of the extension host',
      () => this.#processes.those('extension host').length === 0,
    );
  }

  /**
   * Runs the command on the whole text, and waits until an engine is there for it. While an extension host takes the
   * place of another, VS Code sends a command to the one that is gone; a person would try again.
   */
  async #translateAll(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.#page().page.keyboard.press('Control+a');
      await this.#page().runFromPalette(command);
      try {
        await this.#until('an engine', () => this.#processes.those('engine').length > 0, commandMs);
        return;
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  }

  /** An engine of an extension host that is gone must be gone soon after. */
  async #expectNoOrphans(part: Part, victims: readonly number[]): Promise<void> {
    await this.#until(`the end of the ${part}`, () => !victims.some(isAlive));
    // A server's extension hosts see by themselves that it is gone.
    if (part === 'server') await this.#untilNoHost();
    await this.#until(
      'the end of the engine without an extension host',
      () => this.#processes.orphans().length === 0,
      orphanMs,
    );
  }

  /** Waits for what VS Code and Polyhead do by themselves; a person starts a server again, and opens its page. */
  async #recover(part: Part): Promise<void> {
    switch (part) {
      case 'engine':
        await this.#until('a translation or a message', async () => {
          return (await this.#isDirty()) || (await this.#complaints()) > 0;
        });
        break;
      case 'extension host':
        await this.#until('another extension host', () => this.#processes.those(part).length > 0);
        break;
      case 'server':
        await this.#started!.end();
        await this.#startServer();
        await this.#openPage();
    }
  }

  /** The original can be translated now; a text that is in the other language already is answered somehow. */
  async #expectAtWork(now: 'original' | 'translated'): Promise<void> {
    await this.#translateAll();
    if (now === 'translated') {
      await this.#until('an answer', async () => {
        return (await this.#isDirty()) || (await this.#page().notifications()).length > 0;
      });
      return;
    }
    await this.#untilDirty();
    await this.#save();
    expect(this.#onDisk()).toBe(this.#translated);
  }

  #expectWhole(text: string): void {
    expect([original, this.#translated]).toContain(text);
  }

  #onDisk(): string {
    return readFileSync(this.#file, 'utf8');
  }

  /** The texts of VS Code's copies of unsaved documents. The first line of a copy says whose it is. */
  #backups(): string[] {
    if (!existsSync(this.#backupFolder)) return [];
    return readdirSync(this.#backupFolder, { recursive: true })
      .map((file) => path.join(this.#backupFolder, String(file)))
      .filter((file) => statSync(file).isFile())
      .map((file) => readFileSync(file, 'utf8'))
      .map((text) => text.slice(text.indexOf('\n') + 1));
  }

  async #isDirty(): Promise<boolean> {
    return (await this.#page().page.locator('.tab.dirty').count()) > 0;
  }

  /** How many messages stand there; one that tells how far a translation is does not count. */
  #complaints(): Promise<number> {
    return this.#page().page.locator('.notification-toast :is(.codicon-error, .codicon-warning)').count();
  }

  async #untilNoHost(): Promise<void> {
    const hosts = (): number[] => this.#processes.those('extension host');
    await this.#until('the end of the extension host', () => hosts().length === 0);
  }

  async #untilDirty(): Promise<void> {
    await this.#until('the translation', () => this.#isDirty());
  }

  async #save(): Promise<void> {
    await this.#page().page.keyboard.press('Control+s');
    await this.#until('the end of saving', async () => !(await this.#isDirty()));
  }

  #page(): WorkbenchPage {
    if (this.#workbench === undefined) throw new Error('VS Code has not been started.');
    return this.#workbench;
  }

  async #until<T>(
    what: string,
    condition: () => T | false | Promise<T | false>,
    limitMs = patienceMs,
  ): Promise<T> {
    const end = performance.now() + limitMs;
    for (;;) {
      const value = await condition();
      if (value !== false) return value;
      if (performance.now() > end) throw new Error(`Waited ${limitMs} ms in vain for ${what}.`);
      await delay(50);
    }
  }
}
