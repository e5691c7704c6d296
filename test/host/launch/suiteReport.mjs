// Reads what the suite tells (../report.ts) out of the lines that VS Code's console brings.

const prefix = '[host suite]';

export class SuiteReport {
  passed = 0;
  skipped = 0;
  /** @type {{ test: string, message: string }[]} */
  failures = [];
  /** @type {string | undefined} the test that has begun and not ended */
  running = undefined;
  /** @type {string | undefined} the last test that has ended */
  ended = undefined;
  /** Whether the suite came to its end; without that the counts are not all. */
  finished = false;
  /** @type {string[]} VS Code's own lines and the extension's, the latest last */
  otherLines = [];

  /** @param {(line: string) => void} print shows a person what goes on */
  constructor(print) {
    this.print = print;
  }

  /** @param {string} line of the extension host's console */
  add(line) {
    const start = line.indexOf(`${prefix} {`);
    if (start === -1) {
      this.otherLines.push(line);
      return;
    }
    const event = JSON.parse(line.slice(start + prefix.length));
    this.running = event.event === 'begin' ? event.test : undefined;
    if (event.event !== 'begin') this.ended = event.test ?? this.ended;
    if (event.event === 'pass') {
      this.passed++;
      this.print(`  ✓ ${event.test} (${event.ms} ms)`);
    } else if (event.event === 'fail') {
      this.failures.push({ test: event.test, message: event.message });
      this.print(`  ✗ ${event.test}`);
    } else if (event.event === 'skip') {
      this.skipped++;
      this.print(`  – ${event.test} (skipped)`);
    } else if (event.event === 'end') {
      this.finished = true;
    }
  }

  /**
   * Closes the report. A suite that did not come to its end is a failure, and so is one without tests.
   * @param {string} ending how the host ended: a sentence without its full stop
   * @param {boolean} clean whether the host itself called that a success
   */
  close(ending, clean) {
    const message = this.#faultOf(ending, clean);
    if (message !== undefined) this.failures.push({ test: 'the whole suite', message });
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
