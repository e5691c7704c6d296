/**
 * What the suite tells its launcher: one console line of JSON for each event. The launchers read it in
 * launch/suiteReport.mjs.
 */
import Mocha from 'mocha';

/** Stands before each event, so that a launcher finds it among VS Code's own lines. */
const prefix = '[host suite]';

type Event =
  | { event: 'begin'; test: string }
  | { event: 'failing'; test: string }
  | { event: 'pass'; test: string; ms: number }
  | { event: 'fail'; test: string; message: string }
  | { event: 'skip'; test: string }
  | { event: 'end' };

/** Tells the launcher of something that happened. */
export function tell(event: Event): void {
  console.log(`${prefix} ${JSON.stringify(event)}`);
}

/** A Mocha reporter that tells each test's beginning too, so that a hang has a name. */
export class ConsoleReporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { EVENT_TEST_BEGIN, EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } =
      Mocha.Runner.constants;
    runner.on(EVENT_TEST_BEGIN, (test) => tell({ event: 'begin', test: test.fullTitle() }));
    runner.on(EVENT_TEST_PASS, (test) =>
      tell({ event: 'pass', test: test.fullTitle(), ms: test.duration ?? 0 }),
    );
    // A hook that fails is told as a failure too, under its own name.
    runner.on(EVENT_TEST_FAIL, (test, error: Error) =>
      tell({ event: 'fail', test: test.fullTitle(), message: error.stack ?? error.message }),
    );
    runner.on(EVENT_TEST_PENDING, (test) => tell({ event: 'skip', test: test.fullTitle() }));
    runner.on(EVENT_RUN_END, () => tell({ event: 'end' }));
  }
}
