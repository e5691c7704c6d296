// The two programs of the package, built for it: in production mode and without source maps, whatever a watching
// webpack has left in dist/.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '../setup/failure.mjs';
import { inRoot, root } from '../setup/paths.mjs';

const packed = ['extension', 'engine'];
const folder = inRoot('out', 'package', 'bundles');

/**
 * @typedef {object} Bundles
 * @property {string} folder holds extension.js and engine.js
 * @property {string[]} packages the folders of the npm packages whose code is in them, sorted; webpack's own is one
 */

/**
 * Builds the extension's and the engine's bundle with the project's own settings.
 * @returns {Promise<Bundles>}
 * @throws {Failure} with webpack's messages
 */
export async function buildBundles() {
  // Imported here: the packages may have been installed a moment ago.
  const { default: webpack } = await import('webpack');
  /** @type {{ default: import('webpack').Configuration[] }} */
  const settings = await import(pathToFileURL(inRoot('webpack.config.mjs')).href);
  const configurations = settings.default
    .filter(({ name }) => packed.includes(name ?? ''))
    .map((configuration) => ({
      ...configuration,
      mode: /** @type {const} */ ('production'),
      context: root,
      devtool: /** @type {const} */ (false),
      output: { ...configuration.output, path: folder, clean: false },
    }));
  const stats = await new Promise(
    (/** @type {(stats: import('webpack').MultiStats) => void} */ resolve, reject) => {
      webpack(configurations, (error, result) => {
        if (result === undefined) reject(error ?? new Error('webpack said nothing.'));
        else resolve(result);
      });
    },
  );
  if (stats.hasErrors()) throw new Failure(`The build failed:\n${stats.toString('errors-only')}`);
  return { folder, packages: packagesOf(stats) };
}

/** @param {import('webpack').MultiStats} stats @returns {string[]} */
function packagesOf(stats) {
  // webpack writes a loader of its own into every bundle.
  const found = new Set([inRoot('node_modules', 'webpack')]);
  for (const { compilation } of stats.stats) {
    for (const module of compilation.modules) {
      const file = module.nameForCondition();
      const owner = file === null ? undefined : packageOf(file);
      if (owner !== undefined) found.add(owner);
    }
  }
  return [...found].sort();
}

/** @param {string} file @returns {string | undefined} the folder of the package that it belongs to, unless to ours */
export function packageOf(file) {
  const parts = file.split(path.sep);
  const last = parts.lastIndexOf('node_modules');
  if (last === -1) return undefined;
  const scoped = parts[last + 1]?.startsWith('@') === true;
  return parts.slice(0, last + (scoped ? 3 : 2)).join(path.sep);
}
