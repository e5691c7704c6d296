// The desktop VS Code of this machine, if it has one that can open a window here.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';
import { onPath, run } from './processes.mjs';

/** As root, VS Code wants these; the folder keeps root's own settings out of it. @param {string} userDataFolder */
export function rootArguments(userDataFolder) {
  return process.getuid?.() === 0 ? ['--no-sandbox', '--user-data-dir', userDataFolder] : [];
}

/**
 * Finds the `code` command of a desktop VS Code that can show a window and is new enough for the extension.
 * @param {string} userDataFolder for its settings when root runs it
 * @returns {Promise<{ command: string } | { reason: string }>} the reason is a phrase: “…, so …”
 */
export async function findDesktopCode(userDataFolder) {
  const command = onPath('code', (file) => !isRemoteShim(file));
  if (command === undefined) return { reason: 'no desktop VS Code is on PATH' };
  if (process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) {
    return { reason: 'this is a remote terminal of VS Code, whose windows are on another machine' };
  }
  if (!hasDisplay()) return { reason: 'there is no display for a desktop VS Code' };
  const { code, output } = await run(command, ['--version', ...rootArguments(userDataFolder)], {
    limitMs: 30_000,
    shell: command.endsWith('.cmd'),
  });
  const version = /^\d+\.\d+\.\d+/m.exec(output)?.[0];
  if (code !== 0 || version === undefined) return { reason: `${command} does not run` };
  const oldest = oldestSupported();
  if (compareVersions(version, oldest) < 0) {
    return { reason: `${command} is VS Code ${version}, and the extension needs ${oldest} or newer` };
  }
  return { command };
}

/** Whether a window can be shown to whoever typed the command. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/**
 * The program behind a `code` command, which test-electron starts itself.
 * @param {string} command
 * @returns {string | undefined}
 */
export function executableOf(command) {
  const folder = path.dirname(realpathSync(command));
  const candidates = {
    darwin: ['../../../MacOS/Electron', '../../../MacOS/Code'],
    win32: ['../Code.exe'],
    linux: ['../code', '../code-oss', '../codium'],
  };
  const places = candidates[/** @type {keyof typeof candidates} */ (process.platform)] ?? [];
  return places.map((place) => path.resolve(folder, place)).find((file) => existsSync(file));
}

/**
 * Remote terminals and the VS Code server put a script named `code` on PATH that talks to a window on
 * another machine; under WSL, Windows' own `code` is seen, which cannot load an extension from here.
 * @param {string} file
 */
function isRemoteShim(file) {
  const place = realpathSync(file);
  if (/[\\/](remote-cli|\.vscode-server[^\\/]*|\.cursor-server|code-server[^\\/]*)[\\/]/.test(place))
    return true;
  if (process.platform === 'linux' && place.startsWith('/mnt/')) return true;
  return readFileSync(place).subarray(0, 4096).includes('server-cli.js');
}

function oldestSupported() {
  const { engines } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  return String(engines.vscode).replace(/^[^\d]*/, '');
}

/** @param {string} a @param {string} b @returns {number} negative: a is older */
function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
