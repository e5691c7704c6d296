// A package's files, laid out in a folder of their own as they will lie on a person's disk, and checked there.
import { constants, copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../setup/failure.mjs';
import { inRoot } from '../setup/paths.mjs';
import { namesSourceMap } from './bundles.mjs';
import { allowed, contentsOf } from './contents.mjs';
import { readNativeImports } from './nativeImports.mjs';
import { targets } from './targets.mjs';

const megabyte = 1_000_000;

/** Of everything that is packed, unpacked; the .vsix is smaller. */
export const packageLimit = 100 * megabyte;
export const weightsLimit = 48 * megabyte;
/** Of one model's weights. */
export const modelLimit = 12 * megabyte;
/** Of the program that VS Code reads at its start. */
export const entryLimit = megabyte / 8;

/**
 * @typedef {object} Stage
 * @property {string} target
 * @property {string} folder
 * @property {ReadonlyMap<string, number>} files bytes, by path with forward slashes
 */

/**
 * @param {string} target
 * @param {import('./bundles.mjs').Bundles} bundles
 * @returns {Stage}
 * @throws {Failure} if the package would not be as docs/packaging.md promises
 */
export function stagePackage(target, bundles) {
  const folder = inRoot('out', 'package', target);
  const contents = contentsOf(target, bundles);
  rmSync(folder, { recursive: true, force: true });
  /** @type {Map<string, number>} */
  const files = new Map();
  for (const [name, source] of contents) {
    const place = path.join(folder, name);
    mkdirSync(path.dirname(place), { recursive: true });
    if ('text' in source) writeFileSync(place, source.text);
    else copyFileSync(source.file, place, constants.COPYFILE_FICLONE);
    files.set(name, statSync(place).size);
  }
  const stage = { target, folder, files };
  const faults = faultsOf(stage);
  if (faults.length > 0) throw new Failure(`The package for ${target} cannot be made:\n${faults.join('\n')}`);
  return stage;
}

/** @param {ReadonlyMap<string, number>} files @param {(name: string) => boolean} which @returns {number} bytes */
export function sizeOf(files, which = () => true) {
  return [...files].reduce((sum, [name, bytes]) => (which(name) ? sum + bytes : sum), 0);
}

/** @param {string} name */
export const isWeights = (name) => name.endsWith('.safetensors');

/** @param {Stage} stage @returns {string[]} sentences */
export function faultsOf({ target, folder, files }) {
  const faults = [...files.keys()]
    .filter((name) => !allowed.some((pattern) => pattern.test(name)))
    .map((name) => `${name} is not among what may be packed.`);
  const whole = sizeOf(files);
  if (whole > packageLimit) faults.push(`It would be ${whole} bytes; ${packageLimit} are allowed.`);
  const weights = sizeOf(files, isWeights);
  if (weights > weightsLimit) faults.push(`Its weights are ${weights} bytes; ${weightsLimit} are allowed.`);
  for (const [name, bytes] of files) {
    if (isWeights(name) && bytes > modelLimit)
      faults.push(`${name} is ${bytes} bytes; ${modelLimit} are allowed: export it with --weights int8.`);
  }
  for (const program of [...files.keys()].filter((name) => /^dist\/[^/]+\.js$/.test(name))) {
    if (namesSourceMap(readFileSync(path.join(folder, program), 'utf8'))) {
      faults.push(`${program} names a source map.`);
    }
  }
  const entry = files.get('dist/extension.js') ?? Infinity;
  if (entry > entryLimit)
    faults.push(
      `dist/extension.js is ${entry} bytes, ${entryLimit} are allowed: VS Code reads it at its start. Let extension/rooms.ts import later what a room needs.`,
    );
  const native = [...files.keys()].filter((name) => /\.(node|dll|dylib|so\.\d)$/.test(name));
  return [...faults, ...loadingFaults(target, folder, native)];
}

/**
 * Follows what the binding asks the machine's loader for: each library is the machine's own or packed beside the
 * binding, and nothing is packed that is not asked for.
 * @param {string} target
 * @param {string} folder
 * @param {readonly string[]} native paths in the package
 * @returns {string[]} sentences
 */
export function loadingFaults(target, folder, native) {
  const rules = targets[target];
  const binding = native.find((name) => name.endsWith('.node'));
  if (rules === undefined || binding === undefined) return [`There is no native binding for ${target}.`];
  const packed = new Map(native.map((name) => [path.posix.basename(name), name]));
  const faults = [];
  const reached = new Set(
    [path.posix.basename(binding), ...(rules.onDemand ?? [])].filter((name) => packed.has(name)),
  );
  for (const name of reached) {
    const imports = readNativeImports(path.join(folder, /** @type {string} */ (packed.get(name))));
    for (const needed of imports.needed) {
      const beside = needed.replace(/^@rpath\//, '');
      if (rules.system.some((pattern) => pattern.test(needed))) continue;
      if (!packed.has(beside))
        faults.push(`${name} needs ${needed}, which is neither packed nor the machine's.`);
      else if (!looksBeside(target, imports.searchPaths))
        faults.push(`${name} would not find ${needed} beside it.`);
      else reached.add(beside);
    }
  }
  const idle = [...packed.keys()].filter((name) => !reached.has(name));
  return [...faults, ...idle.map((name) => `${name} is packed, and nothing loads it.`)];
}

/** Windows looks beside a library by itself. @param {string} target @param {readonly string[]} searchPaths */
function looksBeside(target, searchPaths) {
  return (
    target.startsWith('win32') || searchPaths.some((place) => /^(\$ORIGIN|@loader_path)\/?$/.test(place))
  );
}
