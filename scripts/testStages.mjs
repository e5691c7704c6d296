// The stages of `npm test`, in their order: cheap checks first, the real VS Code last.
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { runHostSuite } from '../test/host/launch/browser.mjs';
import { thisTarget } from './package/targets.mjs';
import { ensureBuilt } from './setup/built.mjs';
import { currentHost } from './setup/currentHost.mjs';
import { Failure } from './setup/failure.mjs';
import { inRoot, resultsFolder } from './setup/paths.mjs';
import { npm, run } from './setup/processes.mjs';
import { ensureQuickHost, quickHost } from './setup/quickHost.mjs';
import { ensureBrowser } from './setup/systemPackages.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/**
 * @typedef {object} Stage
 * @property {string} name for --only
 * @property {string} title
 * @property {boolean} [reads] it only reads the sources, on one core: such stages in a row run side by side
 * @property {(print: (line: string) => void) => Promise<Counts>} run throws when it could not do its work
 */

const minute = 60_000;

/** @type {readonly Stage[]} */
export const stages = [
  { name: 'types', title: 'type check', reads: true, run: script('typecheck') },
  { name: 'lint', title: 'lint', reads: true, run: script('lint') },
  { name: 'format', title: 'format check', reads: true, run: script('format:check') },
  // Built before the tests, some of which start the bundles.
  { name: 'build', title: 'build', run: counted(ensureBuilt) },
  { name: 'architecture', title: 'architecture check', run: script('architecture') },
  { name: 'unit', title: 'unit tests', run: vitest('vitest.config.ts', 'unit', 14 * minute) },
  {
    name: 'host',
    title: `extension tests in VS Code ${quickHost.vscode}`,
    run: hostSuite('hostSuite', { host: quickHost, name: 'host' }),
  },
  {
    name: 'restricted',
    title: 'extension tests in an untrusted folder',
    run: hostSuite('untrustedSuite', { host: quickHost, restricted: true, name: 'restricted' }),
  },
  { name: 'ui', title: 'browser test', run: browserTest },
  { name: 'package', title: 'package', run: packageTest },
];

/**
 * What `npm run test:long` runs after all of them.
 * @type {readonly Stage[]}
 */
export const longStages = [
  {
    name: 'host-current',
    title: `extension tests in VS Code ${currentHost.vscode}`,
    run: hostSuite('hostSuite', { host: currentHost, name: 'host-current' }),
  },
  {
    name: 'restricted-current',
    title: `extension tests in an untrusted folder in VS Code ${currentHost.vscode}`,
    run: hostSuite('untrustedSuite', { host: currentHost, restricted: true, name: 'restricted-current' }),
  },
  {
    name: 'whole-files',
    title: 'whole files in VS Code',
    run: hostSuite('wholeFileSuite', { host: quickHost, name: 'whole-files', limitMs: 45 * minute }),
  },
  { name: 'long', title: 'long tests', run: longTests },
];

/**
 * A stage that either passes or fails as one.
 * @param {(print: (line: string) => void) => Promise<void>} work
 * @returns {Stage['run']}
 */
function counted(work) {
  return async (print) => {
    await work(print);
    return { passed: 1, failed: 0, skipped: 0 };
  };
}

/** A script of package.json; what it says is shown only if it fails. @param {string} name */
function script(name) {
  return counted(async () => {
    const { code, output, timedOut } = await npm(['run', '-s', name], { limitMs: 5 * minute });
    if (code === 0) return;
    throw new Failure(timedOut ? `npm run ${name} did not end within five minutes.\n${output}` : output);
  });
}

/**
 * @param {string} config
 * @param {string} name of the report in test-results/
 * @param {number} limitMs
 * @param {{ only?: readonly string[], show?: boolean }} [how] only: further arguments, that choose among the files; show:
 *   what it says is shown as it comes, not at its end
 * @returns {Stage['run']}
 */
function vitest(config, name, limitMs, { only = [], show = true } = {}) {
  return async (print) => {
    const reportFile = path.join(resultsFolder, `${name}.json`);
    const { code, output, timedOut } = await run(
      process.execPath,
      [
        inRoot('node_modules', 'vitest', 'vitest.mjs'),
        ...['run', '--config', config, '--reporter', 'default', ...only],
        ...['--reporter', 'json', `--outputFile.json=${reportFile}`],
      ],
      // A log file is no terminal, whatever else vitest may take it for.
      { show, limitMs, env: process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' } },
    );
    if (!show) print(output);
    if (timedOut) throw new Failure(`The tests did not end within ${limitMs / minute} minutes.`);
    if (!existsSync(reportFile))
      throw new Failure(`vitest ended with exit code ${code} and without a report.`);
    const counts = countsOf(JSON.parse(readFileSync(reportFile, 'utf8')));
    if (counts.passed + counts.failed === 0) throw new Failure('No test ran.');
    if (code !== 0 && counts.failed === 0) {
      print(
        `vitest ended with exit code ${code} although every test passed: something outside of a test failed.`,
      );
      counts.failed = 1;
    }
    return counts;
  };
}

/**
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: unknown[] }[] }} report as vitest writes it
 * @returns {Counts}
 */
function countsOf(report) {
  // A file that could not be loaded has no tests to count, and fails all the same.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * @param {string} bundle of out/, the suite
 * @param {{ host: import('./setup/codeServer.mjs').CodeServer, name: string, restricted?: boolean, limitMs?: number }} options
 *   name: of the folder in test-results/; restricted: the workspace is an untrusted one; limitMs: what hangs is ended
 * @returns {Stage['run']}
 */
function hostSuite(bundle, { host, name, restricted = false, limitMs = 10 * minute }) {
  return async (print) => {
    const chromium = await ensureBrowser();
    await host.ensure();
    await ensureBuilt();
    mkdirSync(resultsFolder, { recursive: true });
    const folder = path.join(resultsFolder, name);
    return runHostSuite(bundle, { chromium, host, restricted, folder, limitMs, print });
  };
}

/** @type {Stage['run']} */
async function browserTest(print) {
  await ensureBrowser();
  await ensureQuickHost();
  await ensureBuilt();
  // The pages need no VS Code, which waits for its engines half of the time: they are looked at meanwhile.
  const config = 'vitest.ui.config.ts';
  const parts = [
    vitest(config, 'ui', 14 * minute, { only: ['--exclude', '**/*Page.test.ts'] }),
    vitest(config, 'pages', 14 * minute, { only: ['Page.test.ts'], show: false }),
  ];
  const outcomes = await Promise.allSettled(parts.map((part) => part(print)));
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') {
      print(String(/** @type {Error} */ (outcome.reason).message));
      sum.failed++;
      continue;
    }
    sum.passed += outcome.value.passed;
    sum.failed += outcome.value.failed;
    sum.skipped += outcome.value.skipped;
  }
  return sum;
}

/** @type {Stage['run']} */
async function packageTest(print) {
  await ensureBrowser();
  await ensureQuickHost();
  if (thisTarget() === undefined) {
    print(`No package is installed here: none is made for ${process.platform}-${process.arch}.`);
  }
  return vitest('vitest.package.config.ts', 'package', 6 * minute)(print);
}

/** @type {Stage['run']} */
async function longTests(print) {
  const folder = inRoot('test', 'long');
  const tests = existsSync(folder)
    ? readdirSync(folder, { recursive: true }).filter((file) => String(file).endsWith('.test.ts'))
    : [];
  if (tests.length === 0) {
    print('There are no long tests.');
    return { passed: 0, failed: 0, skipped: 0 };
  }
  // Some of them use VS Code.
  await ensureBrowser();
  await ensureQuickHost();
  await ensureBuilt();
  return vitest('vitest.long.config.ts', 'long', 120 * minute)(print);
}
