// THIRD-PARTY-NOTICES.txt: the licence of everything in the package that others wrote. Written from what is packed,
// so that a new dependency cannot be forgotten: one without a licence text stops the packing.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../setup/failure.mjs';
import { inRoot } from '../setup/paths.mjs';

const licenceFile = /^(licen[cs]e|notices?|copying|third-?party-?notices)([-.].*)?$/i;
const rule = '='.repeat(80);

/**
 * @param {readonly string[]} packages folders of npm packages whose code is bundled
 * @returns {string}
 * @throws {Failure} if a package brings no licence text
 */
export function thirdPartyNotices(packages) {
  const sections = [
    ...packages.map(bundledSection),
    grammarSection(),
    onnxruntimeSection(),
    shaderCompilerSection(),
  ];
  const introduction =
    'Polyhead contains work of others, listed here with its terms. The weights have terms of their own: see LICENSE\nand NOTICE beside each model in models/pretrained.';
  return `${[introduction, ...sections].join(`\n\n${rule}\n\n`)}\n`;
}

/** The heading of a package's section: the name, the version and the licence's short name. @param {string} folder */
export function heading(folder) {
  const { name, version, license, licenses } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  // Old packages have a list of them.
  const types = licenses?.map((/** @type {{ type: string }} */ { type }) => type).join(', ');
  return `${name} ${version} (${license ?? types})`;
}

/** @param {string} folder */
function bundledSection(folder) {
  const { name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const kept = inRoot('scripts', 'package', 'licences', `${name.replace('/', '-')}-${version}`);
  const texts = [...licenceTexts(folder), ...licenceTexts(kept)];
  if (texts.length === 0) {
    throw new Failure(
      `${heading(folder)} is bundled and has no licence text in its folder ${folder}: it cannot be packed. ` +
        `Put the LICENSE of its repository into ${kept}.`,
    );
  }
  return [heading(folder), ...texts].join('\n\n');
}

/** @param {string} folder which need not exist @returns {string[]} */
export function licenceTexts(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && licenceFile.test(entry.name))
    .map(({ name }) => readFileSync(path.join(folder, name), 'utf8').trim());
}

/** The grammar that we carry: the one from npm comes with those of all other languages. */
function grammarSection() {
  const licence = readFileSync(inRoot('extension/prose/reading/grammars/kotlin.LICENSE.txt'), 'utf8').trim();
  return ['TextMate grammar for Kotlin, from vscode-kotlin by fwcd (MIT)', licence].join('\n\n');
}

/**
 * npm's packages of onnxruntime bring no licence; the texts here are those of the same release for Python.
 * @throws {Failure} if they are those of another release
 */
function onnxruntimeSection() {
  const folder = inRoot('node_modules', 'onnxruntime-node');
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const texts = inRoot('scripts', 'package', 'licences', `onnxruntime-${version}`);
  if (!existsSync(texts)) {
    throw new Failure(
      `There are no licence texts for onnxruntime ${version}: put LICENSE and ThirdPartyNotices.txt of that release into ${texts}.`,
    );
  }
  const read = (/** @type {string} */ name) => readFileSync(path.join(texts, name), 'utf8').trim();
  return [
    `${heading(folder)} and onnxruntime-common ${version} (MIT)`,
    read('LICENSE'),
    `What onnxruntime's library contains of others, in onnxruntime's own words:`,
    read('ThirdPartyNotices.txt'),
  ].join('\n\n');
}

/** What onnxruntime's own notices do not name; in packages for Windows alone. */
function shaderCompilerSection() {
  const licence = readFileSync(
    inRoot('scripts', 'package', 'licences', 'directx-shader-compiler', 'LICENSE'),
    'utf8',
  );
  return [
    "Microsoft's DirectX Shader Compiler: dxcompiler.dll and dxil.dll, in packages for Windows, as onnxruntime-node brings them",
    licence.trim(),
  ].join('\n\n');
}
