/**
 * The Mocha instance that the suites join. It must exist before they are imported: importing a suite
 * defines its tests.
 */
import Mocha from 'mocha';
import { ConsoleReporter, tell } from './report';

/** Milliseconds a test may take: the first translation loads a model, on two slow cores. */
const testTimeoutMs = 60_000;
/** How long a test that has failed leaves VS Code as it is: the launcher takes a picture before the hooks tidy up. */
const pictureMs = 1000;

export const mocha = new Mocha({ ui: 'bdd', timeout: testTimeoutMs, reporter: ConsoleReporter });

// Mocha does this itself for files that it loads; ours come bundled.
mocha.suite.emit('pre-require', globalThis, 'host suite', mocha);

const prototype: { run: (this: Mocha.Test, done: Mocha.Done) => void } = Mocha.Test.prototype;
const { run } = prototype;
prototype.run = function (done) {
  run.call(this, (error?: unknown) => {
    if (!(error instanceof Error)) {
      done(error);
      return;
    }
    tell({ event: 'failing', test: this.fullTitle() });
    setTimeout(() => done(error), pictureMs);
  });
};

/** Runs every suite that was imported; rejects if a test failed, which is how VS Code learns of it. */
export function runSuites(): Promise<void> {
  return new Promise((resolve, reject) => {
    mocha.run((failures) => {
      if (failures === 0) resolve();
      else reject(new Error(`${failures} tests failed.`));
    });
  });
}
