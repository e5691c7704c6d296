// Reads what the suite tells (../report.ts) out of the lines that VS Code's console brings.

const prefix = '[host suite]';
/** How many of the console's lines are kept with a failure. */
const consoleLines = 15;

/**
 * @typedef {object} Failure
 * @property {string} test
 * @property {string} message
 * @property {string | undefined} picture the file of the workbench's picture
 * @property {string[]} console the console's last lines at that moment, since the test began
 */

export class SuiteReport {
  passed = 0;
  skipped = 0;
  /** @type {Failure[]} */
  failures = [];
  /** @type {string | undefined} the test that has begun and not ended */
  running = undefined;
  /** @type {string | undefined} the last test that has ended */
  ended = undefined;
  /** Whether the suite came to its end; without that the counts are not all. */
  finished = false;
  /** @type {string[]} VS Code's own lines and the extension's, the latest last */
  otherLines = [];
  /** How many of them there were when the running test began. */
  #linesBefore = 0;
  /** @type {{ test: string, picture: string | undefined } | undefined} */
  #pictured = undefined;

  /**
   * @param {(line: string) => void} print shows a person what goes on
   * @param {(test: string) => string | undefined} takePicture of the workbench: gives the picture's file
   */
  constructor(print, takePicture = () => undefined) {
    this.print = print;
    this.takePicture = takePicture;
  }

  /** @param {string} line of the extension host's console */
  add(line) {
    const start = line.indexOf(`${prefix} {`);
    if (start === -1) this.otherLines.push(line);
    else this.#hear(JSON.parse(line.slice(start + prefix.length)));
  }

  /** @param {Record<string, any>} event as ../report.ts has it */
  #hear({ event, test, ms, message }) {
    switch (event) {
      case 'begin':
        this.running = test;
        this.#linesBefore = this.otherLines.length;
        return;
      case 'failing':
        this.#pictured = { test, picture: this.takePicture(test) };
        return;
      case 'pass':
        this.passed++;
        this.print(`  ✓ ${test} (${ms} ms)`);
        break;
      case 'fail':
        this.failures.push({ ...this.#circumstances(test), message });
        this.print(`  ✗ ${test}`);
        break;
      case 'skip':
        this.skipped++;
        this.print(`  – ${test} (skipped)`);
        break;
      case 'end':
        this.finished = true;
    }
    this.running = undefined;
    this.ended = test ?? this.ended;
  }

  /**
   * Closes the report. A suite that did not come to its end is a failure, and so is one without tests.
   * @param {string} ending how the host ended: a sentence without its full stop
   * @param {boolean} clean whether the host itself called that a success
   */
  close(ending, clean) {
    const message = this.#faultOf(ending, clean);
    if (message === undefined) return;
    const console = this.otherLines.slice(-consoleLines);
    this.failures.push({ test: 'the whole suite', message, picture: undefined, console });
  }

  /**
   * The failures as a person reads them.
   * @returns {string}
   */
  explanation() {
    return this.failures
      .map(({ test, message, picture, console }) => {
        const said =
          console.length === 0 ? '' : `\n  The console's last lines:\n${indented(console.join('\n'))}`;
        const seen = picture === undefined ? '' : `\n  Screenshot: ${picture}`;
        return `\n✗ ${test}\n${indented(message)}${said}${seen}`;
      })
      .join('\n');
  }

  /** @param {string} test */
  #circumstances(test) {
    // A hook that fails has no moment before its clean-up, and is pictured when it is told.
    const picture = this.#pictured?.test === test ? this.#pictured.picture : this.takePicture(test);
    const console = this.otherLines.slice(Math.max(this.#linesBefore, this.otherLines.length - consoleLines));
    return { test, picture, console };
  }

  /** @param {string} ending @param {boolean} clean */
  #faultOf(ending, clean) {
    if (!this.finished) {
      const last = this.ended === undefined ? 'No test had ended.' : `The last test to end: ${this.ended}.`;
      const where = this.running === undefined ? last : `It was in the middle of: ${this.running}.`;
      return `${ending} before the suite was through. ${where}`;
    }
    if (this.failures.length > 0) return undefined;
    if (this.passed === 0) return 'No test ran.';
    return clean ? undefined : `${ending}, although every test passed.`;
  }
}

/** @param {string} text */
function indented(text) {
  return text.replace(/^/gm, '    ');
}
