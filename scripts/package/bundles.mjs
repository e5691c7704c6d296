// The programs of the package and its pages, built for it: in production mode and without source maps, whatever a
// watching webpack has left in dist/.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '../setup/failure.mjs';
import { inRoot, root } from '../setup/paths.mjs';

const packed = ['extension', 'engine', 'pages'];
const folder = inRoot('out', 'package', 'bundles');
const dist = inRoot('dist');

/**
 * @typedef {object} Bundles
 * @property {string} folder holds the programs, onig.wasm and webview
 * @property {string[]} programs the files of the processes, and of the rooms that the extension reads later
 * @property {string[]} pages the files of the pages, from the folder: webview/attention.js …
 * @property {string[]} packages the folders of the npm packages whose code is in them, sorted; webpack's own is one
 */

/**
 * Builds the extension's, the engine's and the pages' bundles with the project's own settings.
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
      output: {
        ...configuration.output,
        path: path.join(folder, path.relative(dist, configuration.output?.path ?? dist)),
        clean: false,
      },
    }));
  // What is no longer needed must not stay from the build before.
  rmSync(folder, { recursive: true, force: true });
  const stats = await new Promise(
    (/** @type {(stats: import('webpack').MultiStats) => void} */ resolve, reject) => {
      webpack(configurations, (error, result) => {
        if (result === undefined) reject(error ?? new Error('webpack said nothing.'));
        else resolve(result);
      });
    },
  );
  if (stats.hasErrors()) throw new Failure(`The build failed:\n${stats.toString('errors-only')}`);
  const programs = readdirSync(folder).filter((file) => file.endsWith('.js'));
  for (const program of programs) {
    const file = path.join(folder, program);
    writeFileSync(file, withoutSourceMaps(readFileSync(file, 'utf8')));
  }
  // The licences that webpack writes beside a bundle are in THIRD-PARTY-NOTICES.txt, with all the others.
  const pages = readdirSync(path.join(folder, 'webview'))
    .filter((file) => !file.endsWith('.LICENSE.txt'))
    .map((file) => `webview/${file}`);
  return { folder, programs, pages, packages: packagesOf(stats) };
}

/** A comment that names a map; the word alone may be part of a program. */
const sourceMap = /^[ \t]*\/\/[#@] sourceMappingURL=.*$/gm;

/** @param {string} program */
export function namesSourceMap(program) {
  return program.search(sourceMap) >= 0;
}

/**
 * Of the packages that are bundled, some name the maps of their own sources, which are not packed.
 * @param {string} program
 */
export function withoutSourceMaps(program) {
  return program.replace(sourceMap, '');
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
