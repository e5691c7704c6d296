// The project's npm packages: installed when node_modules is not what package-lock.json says.
import { readFileSync } from 'node:fs';
import { Failure, say } from './failure.mjs';
import { alone } from './lock.mjs';
import { inRoot } from './paths.mjs';
import { npm } from './processes.mjs';

/**
 * Installs the locked packages if they are not there. Quiet unless it has to work or fails.
 * @throws {Failure} with npm's last words
 */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await alone(async () => {
    if (isInstalled()) return;
    say('Installing the npm packages (once; about half a minute) …');
    // The prebuilt runtime comes inside the package; its install script only looks for CUDA libraries.
    const { code, output } = await npm(['ci', '--no-audit', '--no-fund'], {
      env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
    });
    if (code !== 0) throw new Failure(`npm could not install the packages:\n${output}`);
  });
}

/**
 * Compares npm's own record of what it installed with the lock file, so that neither a changed
 * time stamp reinstalls everything nor a changed lock goes unseen.
 */
function isInstalled() {
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).every(([place, wanted]) => {
    const found = installed[place];
    // Packages for other platforms are optional and stay away.
    return (
      place === '' || (found === undefined ? wanted.optional === true : found.version === wanted.version)
    );
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>} by place in node_modules
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(inRoot(file), 'utf8')).packages ?? {};
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return {};
    throw error;
  }
}
