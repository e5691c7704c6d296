// `npm start`: installs, builds and opens VS Code with the extension: the desktop VS Code where there is one,
// else the VS Code server from npm, in a browser.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './setup/built.mjs';
import { findDesktopCode, hasDisplay, rootArguments } from './setup/desktop.mjs';
import { Failure, enter, say } from './setup/failure.mjs';
import { ensureInstalled } from './setup/installed.mjs';
import { hostsFolder, inRoot, root } from './setup/paths.mjs';
import { isStopping, onPath, run, stopEverythingOnSignals } from './setup/processes.mjs';
import { ensureQuickHost } from './setup/quickHost.mjs';
import { startWorkbenchServer } from './setup/workbenchServer.mjs';

const usage = `Usage: npm start -- [FOLDER] [--browser] [--port N] [--no-open] [--profile DIR]

Opens VS Code with Polyhead on FOLDER (by default a copy of the sample workspace).

  --browser      use the VS Code server and a browser even if a desktop VS Code is there
  --port N       the port of that server (by default the first free one from 8000 upward)
  --no-open      print the server's address and open no browser
  --profile DIR  keep VS Code's settings and logs in DIR (by default .vscode-test/start)`;

/**
 * @typedef {object} Options
 * @property {boolean} help
 * @property {boolean} browser
 * @property {boolean} open
 * @property {string} port one, or a range of which the first free one is taken
 * @property {string} profile an absolute path
 * @property {string | undefined} folder an absolute path
 */

await enter(async () => {
  const options = readArguments();
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  stopEverythingOnSignals({ announce: () => say('\nStopping …'), exitCode: 0 });
  await ensureInstalled();
  await ensureBuilt();
  const folder = options.folder ?? copyOfSample();
  const desktop = options.browser
    ? { reason: '--browser asks for it' }
    : await findDesktopCode(desktopProfile(options));
  if ('command' in desktop) return openDesktop(desktop.command, folder, options);
  say(`VS Code runs in the browser: ${desktop.reason}.`);
  return serve(folder, options);
});

/** @returns {Options} */
function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        browser: { type: 'boolean', default: false },
        port: { type: 'string', default: '8000-8999' },
        'no-open': { type: 'boolean', default: false },
        profile: { type: 'string', default: path.join(hostsFolder, 'start') },
      },
    });
  } catch (error) {
    throw new Failure(`${/** @type {Error} */ (error).message}\n\n${usage}`, 2);
  }
  const { values, positionals } = parsed;
  const number = Number(values.port);
  if (values.port !== '8000-8999' && !(Number.isInteger(number) && number >= 1 && number <= 65535)) {
    throw new Failure(`--port takes a number from 1 to 65535, not “${values.port}”.`, 2);
  }
  if (positionals.length > 1)
    throw new Failure(`One folder can be opened, not ${positionals.length}.\n\n${usage}`, 2);
  const folder = positionals[0] === undefined ? undefined : fromWhereTyped(positionals[0]);
  if (folder !== undefined && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Failure(`There is no folder ${folder}.`, 2);
  }
  const { help, browser, port, 'no-open': noOpen } = values;
  return { help, browser, port, open: !noOpen, profile: fromWhereTyped(values.profile), folder };
}

/** npm runs scripts in the repository; a path starts where the person typed it. @param {string} file */
function fromWhereTyped(file) {
  const whereTyped = process.env['npm_lifecycle_event'] === 'start' ? process.env['INIT_CWD'] : undefined;
  return path.resolve(whereTyped ?? '.', file);
}

/** A copy, so that trying things out leaves the repository as it is; what was tried stays until it is deleted. */
function copyOfSample() {
  const copy = path.join(hostsFolder, 'sample-workspace');
  if (!existsSync(copy)) {
    mkdirSync(hostsFolder, { recursive: true });
    cpSync(inRoot('test', 'sample-workspace'), copy, { recursive: true });
  }
  return copy;
}

/** Apart from the server's, since the two keep different things. @param {Options} options */
function desktopProfile({ profile }) {
  return path.join(profile, 'desktop');
}

/**
 * @param {string} command
 * @param {string} folder
 * @param {Options} options
 */
async function openDesktop(command, folder, options) {
  const { code, output } = await run(
    command,
    [
      ...rootArguments(desktopProfile(options)),
      ...['--new-window', '--disable-workspace-trust', `--extensionDevelopmentPath=${root}`, folder],
    ],
    { shell: command.endsWith('.cmd') },
  );
  if (code !== 0) throw new Failure(`${command} ended with exit code ${code}:\n${output}`);
  say(
    `VS Code opens ${folder}: select some English text there and run “Polyhead: Translate Selection” (F1).`,
  );
  return 0;
}

/**
 * Stays in the foreground until the server ends, which Ctrl+C makes it do.
 * @param {string} folder
 * @param {Options} options
 */
async function serve(folder, { port, open, profile }) {
  await ensureQuickHost();
  const server = await startWorkbenchServer({ stateFolder: profile, port, underTest: false });
  const url = server.url(folder, { developmentPath: root });
  process.stdout.write(`\n${url}\n\n`);
  say(
    'Open this address, select some English text and run “Polyhead: Translate Selection” (F1). Ctrl+C stops it.',
  );
  if (open) openBrowser(url);
  await server.ended;
  if (!isStopping()) throw new Failure(`The VS Code server has ended by itself; ${server.logFile} says why.`);
  return 0;
}

/** Best effort: the address stands on the terminal anyway. @param {string} url */
function openBrowser(url) {
  const opener =
    { darwin: 'open', win32: 'explorer' }[/** @type {string} */ (process.platform)] ?? 'xdg-open';
  if (!hasDisplay() || onPath(opener) === undefined) return;
  // Not one of our groups: the browser stays when the server stops.
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}
