// Installs a .vsix into a VS Code server, as `code --install-extension` does for the desktop.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../setup/failure.mjs';
import { run } from '../setup/processes.mjs';
import { quickHost } from '../setup/quickHost.mjs';

/**
 * @param {string} vsix
 * @param {string} stateFolder the server's, as startWorkbenchServer takes it
 * @throws {Failure} with VS Code's words
 */
export async function installPackage(vsix, stateFolder) {
  await quickHost.ensure();
  // The server makes folders in it, and not itself.
  mkdirSync(stateFolder, { recursive: true });
  const { code, output } = await run(quickHost.execPath, [
    quickHost.script,
    ...['--install-extension', vsix, '--accept-server-license-terms'],
    ...['--extensions-dir', path.join(stateFolder, 'extensions')],
    ...['--server-data-dir', path.join(stateFolder, 'server')],
    ...['--user-data-dir', path.join(stateFolder, 'user')],
  ]);
  if (code !== 0) throw new Failure(`VS Code did not install ${vsix}:\n${output}`);
}
