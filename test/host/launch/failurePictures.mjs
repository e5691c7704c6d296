// A picture of the workbench for each test that fails, taken at that moment.
import { mkdirSync } from 'node:fs';
import path from 'node:path';

export class FailurePictures {
  #folder;
  /** @type {import('playwright-core').Page | undefined} */
  #page;
  /** @type {Promise<unknown>[]} */
  #taken = [];

  /** @param {string} folder made with the first picture */
  constructor(folder) {
    this.#folder = folder;
  }

  /** @param {import('playwright-core').Page} page what is to be seen on the pictures */
  show(page) {
    this.#page = page;
  }

  /**
   * Begins to take a picture.
   * @param {string} test its name
   * @returns {string | undefined} the picture's file; undefined when there is nothing to see
   */
  take(test) {
    if (this.#page === undefined) return undefined;
    mkdirSync(this.#folder, { recursive: true });
    const name = test.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80);
    const file = path.join(this.#folder, `${this.#taken.length + 1}-${name}.png`);
    // A page that is gone leaves no picture; that is no reason to end the run.
    this.#taken.push(this.#page.screenshot({ path: file, timeout: 10_000 }).catch(() => undefined));
    return file;
  }

  /** Settles when every picture is on disk. */
  async settled() {
    await Promise.all(this.#taken);
  }
}
