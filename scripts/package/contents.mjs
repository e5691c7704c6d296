// What goes into a package and from where. Nothing is packed that no line here names.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../setup/failure.mjs';
import { inRoot } from '../setup/paths.mjs';
import { bindingManifest, commonManifest, extensionManifest } from './manifests.mjs';
import { thirdPartyNotices } from './notices.mjs';
import { forUsers, packageReadme, pageOf, picturesOf } from './readme.mjs';
import { targets } from './targets.mjs';

/** Folders of which the files with these names are packed, wherever they lie in them. */
const folders = [
  { folder: 'l10n', files: /^bundle\.l10n(\.[a-z-]+)?\.json$/i, optional: true },
  { folder: 'node_modules/onnxruntime-common/dist/cjs', files: /(\.js|^package\.json)$/ },
  { folder: 'node_modules/onnxruntime-node/dist', files: /\.js$/ },
];

/** A model folder's files: any other one in models/pretrained is there by mistake. */
const modelFile =
  /^[a-z]{2,3}(-[a-z0-9]+)*\/(config\.json|tokenizer\.json|confidence\.json|model\.safetensors|README\.md|LICENSE|NOTICE)$/i;

const nativeFolder = 'node_modules/onnxruntime-node/bin/napi-v6';

/** Every path that a package may hold, whatever its target: the tests' allow-list and the last check of packing. */
export const allowed = [
  /^(package\.json|package\.nls(\.[a-z-]+)?\.json|README\.md|CHANGELOG\.md|LICENSE|THIRD-PARTY-NOTICES\.txt)$/i,
  /^images\/(icon\.png|activity\.svg)$/,
  /^docs\/images\/[a-z-]+\.(png|gif)$/,
  /^l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/i,
  /^dist\/((extension|engineProcess|texts|attention|training|reading|engine|corpus|deviceProbe)\.js|onig\.wasm)$/,
  /^dist\/webview\/(attention|curves|training)\.(js|css)$/,
  new RegExp(`^models/pretrained/${modelFile.source.slice(1)}`, 'i'),
  /^node_modules\/onnxruntime-common\/(package\.json|dist\/cjs\/(package\.json|[a-z-]+\.js))$/,
  /^node_modules\/onnxruntime-node\/(package\.json|dist\/[a-z]+\.js)$/,
  new RegExp(`^${nativeFolder}/(linux|win32|darwin)/(x64|arm64)/[^/]+\\.(node|dll|dylib|so\\.\\d)$`),
];

/** @typedef {{ file: string } | { text: string }} Source a file of the repository, or a text made for the package */

/**
 * @param {string} name of the target
 * @param {import('./bundles.mjs').Bundles} bundles
 * @returns {Map<string, Source>} by path in the package, with forward slashes
 * @throws {Failure} if a file is missing, or there is one that nobody has decided about
 */
export function contentsOf(name, bundles) {
  /** @type {Map<string, Source>} */
  const contents = new Map();
  const copy = (/** @type {string} */ file) => contents.set(file, { file: inRoot(file) });
  for (const file of ['LICENSE', 'images/icon.png', 'images/activity.svg']) copy(file);
  for (const file of readdirSync(inRoot()).filter((entry) => /^package\.nls(\..+)?\.json$/.test(entry))) {
    copy(file);
  }
  for (const { folder, files, optional } of folders) {
    const found = filesUnder(folder).filter((file) => files.test(path.posix.basename(file)));
    if (found.length === 0 && optional !== true) throw new Failure(`${folder} has nothing to pack.`);
    for (const file of found) copy(file);
  }
  for (const file of modelFiles()) copy(file);
  for (const file of nativeFiles(name)) copy(file);
  for (const program of [...bundles.programs, 'onig.wasm', ...bundles.pages]) {
    contents.set(`dist/${program}`, { file: path.join(bundles.folder, program) });
  }
  contents.set('package.json', { text: extensionManifest() });
  contents.set('node_modules/onnxruntime-node/package.json', { text: bindingManifest() });
  contents.set('node_modules/onnxruntime-common/package.json', { text: commonManifest() });
  contents.set('THIRD-PARTY-NOTICES.txt', { text: thirdPartyNotices(bundles.packages) });
  const read = (/** @type {string} */ file) => readFileSync(inRoot(file), 'utf8');
  contents.set('CHANGELOG.md', { text: forUsers(read('CHANGELOG.md')) });
  const readme = pageOf(read('README.md'), read('docs/common-problems.md'));
  for (const picture of [...picturesOf(readme), ...walkthroughPictures()]) copy(picture);
  contents.set('README.md', { text: packageReadme(readme, new Set([...contents.keys(), 'README.md'])) });
  return contents;
}

/** What VS Code's welcome page shows beside the steps of the walkthrough. @returns {string[]} */
function walkthroughPictures() {
  const { contributes } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  return contributes.walkthroughs.flatMap(
    (/** @type {{ steps: { media: { image: string } }[] }} */ { steps }) =>
      steps.map(({ media }) => media.image),
  );
}

/** The weights, and what stands beside them. */
function modelFiles() {
  const folder = 'models/pretrained';
  return filesUnder(folder).map((file) => {
    if (modelFile.test(path.posix.relative(folder, file))) return file;
    throw new Failure(
      `${file} is no file of a model folder: take it away, or name it in scripts/package/contents.mjs.`,
    );
  });
}

/** @param {string} name of the target */
function nativeFiles(name) {
  const target = targets[name];
  if (target === undefined) {
    throw new Failure(`There is no target “${name}”; there are: ${Object.keys(targets).join(', ')}.`, 2);
  }
  const folder = `${nativeFolder}/${target.folder}`;
  const there = filesUnder(folder).map((file) => path.posix.relative(folder, file));
  const missing = target.native.find((file) => !there.includes(file));
  if (missing !== undefined) throw new Failure(`onnxruntime-node has no ${target.folder}/${missing}.`);
  const unknown = there.find(
    (file) => !target.native.includes(file) && !target.leftOut.some((rule) => rule.name.test(file)),
  );
  if (unknown !== undefined) {
    throw new Failure(
      `onnxruntime-node brings ${target.folder}/${unknown}: say in scripts/package/targets.mjs whether it is packed.`,
    );
  }
  return target.native.map((file) => `${folder}/${file}`);
}

/** @param {string} folder which need not exist @returns {string[]} paths from the repository's root, sorted */
function filesUnder(folder) {
  if (!existsSync(inRoot(folder))) return [];
  return readdirSync(inRoot(folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const place = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(place) : [place];
    });
}
