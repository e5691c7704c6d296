// What no npm package brings: a browser, a font for Chinese, a compiler. As root on Debian they are
// installed; elsewhere one sentence names what is missing.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Failure, say } from './failure.mjs';
import { onPath, run } from './processes.mjs';

const browserNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'msedge',
];
/** Where macOS and Windows have them, whose installers put nothing on PATH. */
const installedBrowsers = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((variable) =>
    [
      path.join('Google', 'Chrome', 'Application', 'chrome.exe'),
      path.join('Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]
      .filter(() => process.env[variable] !== undefined)
      .map((file) => path.join(process.env[variable] ?? '', file)),
  ),
];

/** @returns {string | undefined} the executable of a browser of the Chromium family */
export function findChromium() {
  for (const name of browserNames) {
    const file = onPath(name);
    if (file !== undefined) return file;
  }
  return installedBrowsers.find((file) => existsSync(file));
}

/** What `npm i` needs to compile the two small native modules of the VS Code server. */
export const compilerTools = { python3: 'python3', make: 'make', 'g++': 'g++' };

/** @returns {string[]} Debian's names of the compiler tools that are missing */
export function missingCompilerTools() {
  return Object.entries(compilerTools)
    .filter(([command]) => onPath(command) === undefined)
    .map(([, debianPackage]) => debianPackage);
}

/** Whether this process may install Debian packages. */
export function canInstallPackages() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && onPath('apt-get') !== undefined;
}

/**
 * Finds the browser that the tests drive, installing it and what its pictures need where that is allowed.
 * @returns {Promise<string>} the browser's executable
 * @throws {Failure} with one sentence that names what is missing
 */
export async function ensureBrowser() {
  const missing = findChromium() === undefined ? ['chromium'] : [];
  if (canInstallPackages()) {
    // Without a font for Chinese, screenshots show boxes; the tests themselves do not need it.
    if (!(await isInstalledOnDebian('fonts-noto-cjk'))) missing.push('fonts-noto-cjk');
    await installOnDebian(missing);
  }
  const browser = findChromium();
  if (browser === undefined) {
    throw new Failure(
      'The tests in VS Code need Chromium or Google Chrome on PATH: install it (on Debian, as root: apt-get install chromium fonts-noto-cjk) and run the command again.',
    );
  }
  return browser;
}

/**
 * Installs Debian packages; the lists are fetched only if the installation fails without that.
 * @param {string[]} packages
 * @throws {Failure} with apt's last words
 */
export async function installOnDebian(packages) {
  if (packages.length === 0) return;
  say(`Installing Debian's ${packages.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env, limitMs: 600_000 });
  let outcome = await install();
  if (outcome.code !== 0) {
    await run('apt-get', ['update'], { env, limitMs: 300_000 });
    outcome = await install();
  }
  if (outcome.code !== 0) {
    throw new Failure(`apt-get could not install ${packages.join(', ')}:\n${outcome.output}`);
  }
}

/** @param {string} name @returns {Promise<boolean>} */
async function isInstalledOnDebian(name) {
  const { code, output } = await run('dpkg-query', ['--show', '--showformat=${Status}', name]);
  return code === 0 && output === 'install ok installed';
}
