/**
 * The tests that run inside VS Code's extension host. Both launchers (launch/) load this bundle and call `run`.
 * A new suite is imported here.
 */
import { mocha } from './suite';
import './activation.test';
import './translateSelection.test';
import './engineDeath.test';

/** Runs every suite; rejects if a test failed, which is how VS Code learns of it. */
export function run(): Promise<void> {
  return new Promise((resolve, reject) => {
    mocha.run((failures) => {
      if (failures === 0) resolve();
      else reject(new Error(`${failures} tests failed.`));
    });
  });
}
