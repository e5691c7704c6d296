// The package.json files of a package: ours and those of the two npm packages that stay unbundled, without what only
// developers and installers need.
import { readFileSync } from 'node:fs';
import { inRoot } from '../setup/paths.mjs';

/** What VS Code, the Marketplace and a reader want to know; the rest is about building. */
const developersFields = ['scripts', 'devDependencies', 'private', 'allowScripts', 'overrides'];

/** @param {string} file from the repository's root @returns {Record<string, any>} */
function read(file) {
  return JSON.parse(readFileSync(inRoot(file), 'utf8'));
}

/** @param {object} manifest */
function write(manifest) {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The extension's own. */
export function extensionManifest() {
  const fields = Object.entries(read('package.json')).filter(([name]) => !developersFields.includes(name));
  return write(Object.fromEntries(fields));
}

/** onnxruntime-node's: its other dependencies serve its install script, which is not packed. */
export function bindingManifest() {
  const { name, version, license, repository, main, dependencies } = read(
    'node_modules/onnxruntime-node/package.json',
  );
  const common = 'onnxruntime-common';
  return write({
    ...{ name, version, license, repository, main },
    dependencies: { [common]: dependencies[common] },
  });
}

/** onnxruntime-common's, with the CommonJS half that is packed. */
export function commonManifest() {
  const { name, version, license, repository, type, main, exports } = read(
    'node_modules/onnxruntime-common/package.json',
  );
  return write({
    ...{ name, version, license, repository, type, main },
    exports: { require: exports.require },
  });
}
