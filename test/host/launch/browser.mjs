// The first launcher of the host suite: the VS Code server from npm, with its workbench in headless Chromium.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inRoot, root } from '../../../scripts/setup/paths.mjs';
import { startWorkbenchServer } from '../../../scripts/setup/workbenchServer.mjs';
import { FailurePictures } from './failurePictures.mjs';
import { lastLogLines } from './logs.mjs';
import { SuiteReport } from './suiteReport.mjs';

/** Loopback pages only, so no sandbox is needed (root has none); nothing that would ask the network. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * @typedef {object} HostOptions
 * @property {string} chromium the browser's executable
 * @property {string} folder for logs, settings and screenshots; emptied first
 * @property {number} limitMs what hangs is ended after so long
 * @property {(line: string) => void} print
 * @property {import('../../../scripts/setup/codeServer.mjs').CodeServer} [host] the quick host if none is named
 * @property {boolean} [restricted] opens the workspace in restricted mode
 */

/**
 * Runs a compiled suite and reports what came of it.
 * @param {string} bundle its name in out/
 * @param {HostOptions} options
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runHostSuite(bundle, options) {
  const { report, ending, clean, files } = await runInHost(bundle, options);
  report.close(ending, clean);
  if (report.failures.length > 0) explain(report, options.print, files);
  return { passed: report.passed, failed: report.failures.length, skipped: report.skipped };
}

/**
 * Runs a bundle of out/ that exports `run()` in the extension host, and keeps what it printed.
 * @param {string} bundle its name in out/
 * @param {HostOptions} options
 */
export async function runInHost(bundle, options) {
  const { chromium, folder, limitMs, print } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const workspace = path.join(folder, 'workspace');
  cpSync(inRoot('test', 'sample-workspace'), workspace, { recursive: true });
  const pictures = new FailurePictures(path.join(folder, 'failures'));
  const report = new SuiteReport(print, (test) => pictures.take(test));
  const screenshot = path.join(folder, 'workbench.png');

  const server = await startWorkbenchServer({
    stateFolder: path.join(folder, 'vscode'),
    port: '0',
    underTest: true,
    ...(options.host !== undefined && { host: options.host }),
    restricted: options.restricted ?? false,
  });
  try {
    const url = server.url(workspace, { developmentPath: root, testsPath: inRoot('out', bundle) });
    const { ending, clean } = await drive({
      url,
      chromium,
      report,
      pictures,
      limitMs,
      screenshot,
      serverEnded: server.ended,
    });
    return { report, ending, clean, files: { logsFolder: server.logsFolder, screenshot } };
  } finally {
    await server.stop();
    writeFileSync(path.join(folder, 'console.log'), `${report.otherLines.join('\n')}\n`);
  }
}

/**
 * Opens the workbench, which starts the suite, and waits for its end.
 * @param {object} options
 * @param {string} options.url
 * @param {string} options.chromium
 * @param {SuiteReport} options.report
 * @param {FailurePictures} options.pictures
 * @param {number} options.limitMs
 * @param {string} options.screenshot where the picture of the workbench goes, at the end of the suite
 * @param {Promise<void>} options.serverEnded
 * @returns {Promise<{ ending: string, clean: boolean }>} how it ended, for SuiteReport.close
 */
async function drive({ url, chromium, report, pictures, limitMs, screenshot, serverEnded }) {
  // Imported here: this file is also loaded to say what is missing, before the packages are installed.
  const playwright = await import('playwright-core');
  const browser = await playwright.chromium.launch({
    executablePath: chromium,
    args: chromiumArguments,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  try {
    const browserEnded = new Promise((/** @type {(_: void) => void} */ resolve) => {
      browser.once('disconnected', () => resolve());
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    pictures.show(page);
    /** @type {(code: number) => void} */
    let exit = () => undefined;
    const exited = new Promise((/** @type {(code: number) => void} */ resolve) => (exit = resolve));
    // VS Code calls these two: with each line of the extension host's console, and with the result of run().
    await page.exposeFunction(
      'codeAutomationLog',
      (/** @type {string} */ _level, /** @type {unknown[]} */ parts) =>
        report.add(parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ')),
    );
    await page.exposeFunction('codeAutomationExit', exit);
    await page.goto(url);
    const ending = await Promise.race([
      exited.then((code) => ({
        ending: `The extension host ended the test run with code ${code}`,
        clean: code === 0,
      })),
      serverEnded.then(() => ({ ending: 'The VS Code server ended', clean: false })),
      browserEnded.then(() => ({ ending: 'The browser ended', clean: false })),
      delay(limitMs, { ending: `${limitMs / 1000} seconds passed`, clean: false }, { ref: false }),
    ]);
    await pictures.settled();
    await page.screenshot({ path: screenshot }).catch(() => undefined);
    return ending;
  } finally {
    await browser.close();
  }
}

/**
 * What a person needs to find the fault: each failure with its moment, the extension's log, the end.
 * @param {SuiteReport} report
 * @param {(line: string) => void} print
 * @param {{ logsFolder: string, screenshot: string }} files
 */
function explain(report, print, { logsFolder, screenshot }) {
  print(report.explanation());
  const log = lastLogLines(logsFolder, 'Polyhead.log', 30);
  print(
    log === undefined
      ? `\nThe extension wrote no log below ${logsFolder}.`
      : `\nThe end of the extension's log, ${log.file}:\n${log.lines}`,
  );
  print(`\nScreenshot of the end: ${screenshot}`);
}
