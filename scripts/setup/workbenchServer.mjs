// Starts the VS Code server of a host and says at which address the workbench is.
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from './failure.mjs';
import { startGroup, stopGroup } from './processes.mjs';
import { quickHost } from './quickHost.mjs';

/** How long the server may take until it listens; about 2 s is usual. */
const readyMs = 60_000;

/**
 * @typedef {object} WorkbenchServer
 * @property {number} port
 * @property {(folder: string, extension?: { developmentPath: string, testsPath?: string }) => string} url
 *   the address that opens a folder, with the extension under development or with those that are installed
 * @property {Promise<void>} ended settles when the server has ended, by itself or stopped
 * @property {() => Promise<void>} stop ends the server and all that it started
 * @property {string} logFile what the server printed
 * @property {string} logsFolder where VS Code writes its logs, a folder a session
 */

/**
 * @param {object} options
 * @param {string} options.stateFolder settings, logs and the server's own output; kept between starts
 * @param {string} options.port one port, or a range (8000-8999) of which the first free one is taken; 0: any
 * @param {boolean} options.underTest for tests only: lets the page run a test suite in the extension host, shows
 *   no modal dialogs, asks for no token
 * @param {boolean} [options.restricted] opens folders in VS Code's restricted mode, as one does that nobody has said
 *   to trust; without it there is no workspace trust, and every folder is trusted
 * @param {import('./codeServer.mjs').CodeServer} [options.host] which VS Code; the quick host if none is named
 * @returns {Promise<WorkbenchServer>}
 * @throws {Failure} if the server ends or stays silent instead of listening
 */
export async function startWorkbenchServer(options) {
  const { stateFolder, port, underTest, restricted = false, host = quickHost } = options;
  const userData = path.join(stateFolder, 'user');
  writeFirstSettings(path.join(userData, 'User'));
  const secret = underTest ? undefined : keepToken(stateFolder);
  const args = [
    host.script,
    ...['--host', '127.0.0.1', '--port', port],
    ...['--server-data-dir', path.join(stateFolder, 'server'), '--user-data-dir', userData],
    ...['--extensions-dir', path.join(stateFolder, 'extensions')],
    ...['--accept-server-license-terms', '--telemetry-level', 'off'],
    ...(restricted ? [] : ['--disable-workspace-trust']),
    // Any page that the person's browser shows could talk to a server without a token.
    ...(secret === undefined
      ? ['--without-connection-token', '--enable-smoke-test-driver']
      : ['--connection-token-file', secret.file]),
  ];
  const logFile = path.join(stateFolder, 'server.log');
  // In a terminal of VS Code these point at the window around it.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_')));
  const child = startGroup(host.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(logFile);
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = new Promise((/** @type {(_: void) => void} */ resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    await stopGroup(child);
    log.end();
  };
  const listening = await Promise.race([portOf(child), ended.then(() => undefined)]);
  if (typeof listening !== 'number') {
    await stop();
    throw new Failure(
      listening === 'taken'
        ? `Port ${port} is in use: name another one with --port, or none to take the first free one.`
        : `The VS Code server did not start; ${logFile} says why.`,
    );
  }
  const access = secret === undefined ? '' : `tkn=${secret.token}&`;
  return {
    port: listening,
    url: (folder, extension) => `http://127.0.0.1:${listening}/?${access}${openingQuery(folder, extension)}`,
    ended,
    stop,
    logFile,
    logsFolder: path.join(userData, 'logs'),
  };
}

/**
 * Waits for the line that names the port; undefined when it does not come in time.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number | 'taken' | undefined>}
 */
function portOf(child) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), readyMs).unref();
    let output = '';
    /** @param {string} text */
    const read = (text) => {
      output += text;
      const found = /Extension host agent listening on (\d+)/.exec(output);
      // With its port taken, the server lives on without listening.
      if (found === null && !output.includes('EADDRINUSE')) return;
      clearTimeout(timer);
      resolve(found === null ? 'taken' : Number(found[1]));
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
  });
}

/** A quiet workbench at the first start; what a person changes afterwards stays. @param {string} folder */
function writeFirstSettings(folder) {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'settings.json');
  if (existsSync(file)) return;
  const settings = {
    'workbench.startupEditor': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'chat.disableAIFeatures': true,
    'extensions.ignoreRecommendations': true,
    // The sample workspace lies inside this repository and has nothing to do with it.
    'git.openRepositoryInParentFolders': 'never',
    // Where folders can be untrusted, nothing asks about it.
    'security.workspace.trust.startupPrompt': 'never',
  };
  writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`);
}

/**
 * The secret that a page must know to reach the server. It is kept, so that an open tab finds a restarted
 * server again; and in a file, since every user of the machine can read a process's arguments.
 * @param {string} stateFolder
 */
function keepToken(stateFolder) {
  const file = path.join(stateFolder, 'token');
  if (!existsSync(file)) writeFileSync(file, randomBytes(16).toString('hex'), { mode: 0o600 });
  return { file, token: readFileSync(file, 'utf8') };
}

/**
 * @param {string} folder
 * @param {{ developmentPath: string, testsPath?: string }} [extension]
 */
function openingQuery(folder, extension) {
  const opened = `folder=${inQuery(decodeURIComponent(pathToFileURL(folder).pathname))}`;
  if (extension === undefined) return opened;
  const { developmentPath, testsPath } = extension;
  const payload = [['extensionDevelopmentPath', remoteUri(developmentPath)]];
  if (testsPath !== undefined) payload.push(['extensionTestsPath', remoteUri(testsPath)]);
  return `${opened}&payload=${inQuery(JSON.stringify(payload))}`;
}

/** A query may hold slashes, colons and commas; leaving them keeps the address readable. @param {string} text */
function inQuery(text) {
  return encodeURIComponent(text).replace(/%2F/g, '/').replace(/%3A/g, ':').replace(/%2C/g, ',');
}

/** @param {string} file an absolute path on the server's machine */
function remoteUri(file) {
  return `vscode-remote://remote${pathToFileURL(file).pathname}`;
}
