/**
 * The Mocha instance that the suites join. It must exist before they are imported: importing a suite
 * defines its tests.
 */
import Mocha from 'mocha';
import { ConsoleReporter } from './report';

/** Milliseconds a test may take: the first translation loads a model, on two slow cores. */
const testTimeoutMs = 60_000;

export const mocha = new Mocha({ ui: 'bdd', timeout: testTimeoutMs, reporter: ConsoleReporter });

// Mocha does this itself for files that it loads; ours come bundled.
mocha.suite.emit('pre-require', globalThis, 'host suite', mocha);
