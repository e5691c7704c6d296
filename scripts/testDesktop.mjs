// `npm run test:desktop`: the extension tests in a desktop VS Code: the one that VSCODE_EXECUTABLE names, else the
// installed one, else one that is downloaded.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { lastLogLines } from '../test/host/launch/logs.mjs';
import { SuiteReport } from '../test/host/launch/suiteReport.mjs';
import { ensureBuilt } from './setup/built.mjs';
import { executableOf, findDesktopCode, hasDisplay } from './setup/desktop.mjs';
import { Failure, enter, say } from './setup/failure.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { hostsFolder, inRoot, resultsFolder } from './setup/paths.mjs';
import { run, stopEverythingOnSignals } from './setup/processes.mjs';

const limitMs = 6 * 60_000;

await enter(async () => {
  stopEverythingOnSignals({ announce: () => say('\nStopping …') });
  await ensureInstalled();
  const executable = (await installedExecutable()) ?? (await download());
  if (!hasDisplay()) {
    throw new Failure('A desktop VS Code needs a display: run this in a desktop session, or with xvfb-run.');
  }
  await ensureBuilt();
  return runSuite(executable);
});

/**
 * @returns {Promise<string | undefined>} undefined: none is installed
 * @throws {Failure} if VSCODE_EXECUTABLE names no file
 */
async function installedExecutable() {
  const named = process.env['VSCODE_EXECUTABLE'];
  if (named !== undefined) {
    if (!existsSync(named)) throw new Failure(`VSCODE_EXECUTABLE names ${named}, which does not exist.`);
    return named;
  }
  const desktop = await findDesktopCode(path.join(hostsFolder, 'desktop'));
  return 'command' in desktop ? executableOf(desktop.command) : undefined;
}

/** @returns {Promise<string>} the executable of a downloaded VS Code, kept for later runs */
async function download() {
  const { downloadAndUnzipVSCode, SilentReporter } = await import('@vscode/test-electron');
  say('Downloading VS Code …');
  const options = { cachePath: path.join(hostsFolder, 'desktop-downloads'), reporter: new SilentReporter() };
  return downloadAndUnzipVSCode(options).catch((/** @type {Error} */ error) => {
    throw new Failure(
      `No desktop VS Code is installed and none could be downloaded (${error.message}): install one, or set VSCODE_EXECUTABLE to its program.`,
    );
  });
}

/** @param {string} executable @returns {Promise<number>} the exit code */
async function runSuite(executable) {
  const folder = path.join(resultsFolder, 'desktop');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const workspace = path.join(folder, 'workspace');
  cpSync(inRoot('test', 'sample-workspace'), workspace, { recursive: true });
  const userData = path.join(folder, 'user');

  const launcher = inRoot('test', 'host', 'launch', 'desktop.mjs');
  const { code, output, timedOut } = await run(
    process.execPath,
    [launcher, executable, workspace, userData],
    {
      limitMs,
    },
  );
  const report = new SuiteReport((line) => process.stdout.write(`${line}\n`));
  for (const line of output.split('\n')) report.add(line);
  report.close(timedOut ? `${limitMs / 1000} seconds passed` : `VS Code ended with code ${code}`, code === 0);
  if (report.failures.length > 0) say(report.explanation());
  const log =
    report.failures.length > 0 ? lastLogLines(path.join(userData, 'logs'), 'Polyhead.log', 30) : undefined;
  if (log !== undefined) say(`\nThe end of the extension's log, ${log.file}:\n${log.lines}`);
  process.stdout.write(`${report.passed} passed, ${report.failures.length} failed\n`);
  return report.failures.length === 0 ? 0 : 1;
}
