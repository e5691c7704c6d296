// Makes the corpora of a language: asks apt for the packages, reads them, filters, cuts, writes.
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Failure } from '../setup/failure.mjs';
import { inRoot } from '../setup/paths.mjs';
import { Apt } from './apt.mjs';
import { readPackage } from './archive.mjs';
import { Corpus } from './corpus.mjs';
import { whyExcluded } from './excluded.mjs';
import { ManualPages, descriptionPairs, helpPairs, messagePairs, wantedFiles } from './sources.mjs';
import { HeldOut, split } from './splits.mjs';

/** @typedef {import('./apt.mjs').Candidate} Candidate */
/** @typedef {import('./languages.mjs').Language} Language */
/** @typedef {import('./sources.mjs').RawPair} RawPair */
/** @typedef {import('./alignment.mjs').SplitSentences} SplitSentences */
/** @typedef {import('./filters.mjs').FindSpans} FindSpans */
/** @typedef {(line: string) => void} Say */
/** @typedef {{ software: Corpus, docs: Corpus, complaints: string[], licences: Map<string, Buffer> }} Gathered */
/**
 * @typedef {object} Libraries what the product already does, bundled
 * @property {SplitSentences} splitSentences
 * @property {FindSpans} findProtectedSpans
 * @property {(file: string, chunks: Iterable<Uint8Array | string>) => Promise<void>} writeFileAtomically
 */

/** The packages that corpora are made of unless others are named. @param {Language} language @returns {string[]} */
export function listedPackages({ debian }) {
  const lines = readFileSync(inRoot('scripts', 'corpus', 'packages.txt'), 'utf8').split('\n');
  const names = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return names.flatMap((name) =>
    name.includes('{to}') ? debian.map((spelling) => name.replaceAll('{to}', spelling)) : [name],
  );
}

/** @returns {Libraries} from the bundles of `npm run build` */
export function loadLibraries() {
  const require = createRequire(import.meta.url);
  const library = (/** @type {string} */ name) => require(inRoot('out', `${name}.js`));
  return { ...library('sentences'), ...library('protectedSpans'), ...library('atomic') };
}

/**
 * Finds out what there is to download, and says how much it is.
 * @param {object} options
 * @param {Language} options.language
 * @param {string} options.folder
 * @param {readonly string[] | undefined} options.names of packages, if not the listed ones
 * @param {Say} options.say
 * @returns {Promise<{ apt: Apt, candidates: Candidate[] }>}
 * @throws {Failure}
 */
export async function plan({ language, folder, names, say }) {
  const apt = new Apt(folder, ['en', language.list]);
  await apt.update(say);
  const asked = [...new Set(names ?? listedPackages(language))];
  for (const name of asked) {
    const why = whyExcluded(name);
    if (why !== undefined) say(`Left out: ${name}, which ${why}.`);
  }
  const wanted = asked.filter((name) => whyExcluded(name) === undefined);
  const candidates = await apt.candidates(wanted);
  const known = new Set(candidates.map(({ name }) => name));
  const unknown = wanted.filter((name) => !known.has(name));
  if (candidates.length === 0) {
    throw new Failure(`apt knows none of these packages: ${wanted.slice(0, 10).join(', ')}.`);
  }
  if (unknown.length > 0) say(`Not among the packages that apt knows: ${unknown.join(', ')}.`);
  const missing = candidates.filter((candidate) => !apt.has(candidate));
  say(
    `${candidates.length} packages, ${megabytes(candidates)}; ${missing.length} of them, ${megabytes(missing)}, are to be downloaded.`,
  );
  return { apt, candidates };
}

/** @param {readonly Candidate[]} candidates */
function megabytes(candidates) {
  return `${(candidates.reduce((sum, { size }) => sum + size, 0) / 1e6).toFixed(1)} MB`;
}

/**
 * Reads all that the packages and the lists of descriptions hold.
 * @param {object} options
 * @param {Apt} options.apt
 * @param {readonly Candidate[]} options.candidates which are all here
 * @param {Language} options.language
 * @param {Libraries} options.libraries
 * @param {boolean} options.allDescriptions or only those of the packages
 * @param {(done: number) => void} options.onProgress
 * @returns {Promise<Gathered>}
 */
export async function gather({ apt, candidates, language, libraries, allDescriptions, onProgress }) {
  const reader = new PackageReader(language, libraries);
  for (const [index, { name, file }] of candidates.entries()) {
    try {
      reader.add(name, await readPackage(path.join(apt.packages, file), wantedFiles(language)));
    } catch (error) {
      reader.complaints.push(
        `The package ${name} is left out: ${error instanceof Error ? error.message : String(error)}.`,
      );
    }
    onProgress(index + 1);
  }
  const names = new Set(candidates.map(({ name }) => name));
  const english = await apt.descriptions('en');
  const translated = await apt.descriptions(language.list);
  return reader.finish(english, translated, (name) => allDescriptions || names.has(name));
}

/** Reads packages one after the other; what belongs together from several of them comes at the end. */
export class PackageReader {
  /** @type {string[]} */
  complaints = [];
  #language;
  #libraries;
  #software;
  #docs;
  #pages = new ManualPages();
  /** @type {Map<string, Buffer>} */
  #licences = new Map();

  /** @param {Language} language @param {Pick<Libraries, 'splitSentences' | 'findProtectedSpans'>} libraries */
  constructor(language, libraries) {
    const { findProtectedSpans: findSpans } = libraries;
    const { fullStop } = language;
    this.#language = language;
    this.#libraries = libraries;
    this.#software = new Corpus({ findSpans, fullStop, isProse: false });
    this.#docs = new Corpus({ findSpans, fullStop, isProse: true });
  }

  /** @param {string} name @param {readonly import('./archive.mjs').Member[]} members */
  add(name, members) {
    const complain = (/** @type {string} */ complaint) => this.complaints.push(complaint);
    this.#software.add(messagePairs(name, members, complain));
    this.#docs.add(helpPairs(name, members, this.#language, this.#libraries.splitSentences, complain));
    this.#pages.add(name, members);
    const copyright = members.find(({ path: file }) => file === `usr/share/doc/${name}/copyright`);
    if (copyright !== undefined) this.#licences.set(name, copyright.bytes);
  }

  /**
   * @param {string} english apt's list of descriptions
   * @param {string} translated the same in the target language
   * @param {(name: string) => boolean} isWanted
   * @returns {Gathered}
   */
  finish(english, translated, isWanted) {
    const { splitSentences } = this.#libraries;
    this.#docs.add(this.#pages.pairs(this.#language, splitSentences));
    this.#docs.add(descriptionPairs(english, translated, this.#language, splitSentences, isWanted));
    return {
      software: this.#software,
      docs: this.#docs,
      complaints: this.complaints,
      licences: this.#licences,
    };
  }
}

/**
 * Cuts the corpora, keeps what is trained on away from what is held out, and writes the files, each whole or not at all.
 * @param {object} options
 * @param {Gathered} options.gathered
 * @param {readonly Candidate[]} options.candidates
 * @param {Language} options.language
 * @param {string} options.folder
 * @param {Libraries} options.libraries
 * @returns {Promise<Record<string, unknown>>} what is in the files
 */
export async function write({ gathered, candidates, language, folder, libraries }) {
  const parts = cut(gathered);
  const write = libraries.writeFileAtomically;
  /** @type {Record<string, unknown>} */
  const report = { language: language.tag };
  for (const { kind, corpus, splits, nearDuplicates } of parts) {
    await mkdir(path.join(folder, kind), { recursive: true });
    for (const [name, pairs] of Object.entries(splits)) {
      const lines = pairs.map(({ source, target, origin }) => `${source}\t${target}\t${origin}\n`).join('');
      await write(path.join(folder, kind, `en-${language.tag}.${name}.tsv.gz`), [gzipSync(lines)]);
    }
    const sizes = Object.fromEntries(Object.entries(splits).map(([name, { length }]) => [name, length]));
    report[kind] = { ...sizes, origins: byKind(splits), nearDuplicates, ...corpus.counts() };
  }
  report['packages'] = Object.fromEntries(candidates.map(({ name, version }) => [name, version]));
  report['complaints'] = gathered.complaints;
  await mkdir(path.join(folder, 'licences'), { recursive: true });
  for (const [name, copyright] of gathered.licences) {
    await write(path.join(folder, 'licences', name), [copyright]);
  }
  await write(path.join(folder, `en-${language.tag}.json`), [`${JSON.stringify(report, null, 2)}\n`]);
  return report;
}

/**
 * @param {Pick<Gathered, 'software' | 'docs'>} gathered
 * @returns {{ kind: string, corpus: Corpus, splits: import('./splits.mjs').Splits, nearDuplicates: number }[]}
 */
export function cut({ software, docs }) {
  const parts = Object.entries({ software, docs }).map(([kind, corpus]) => {
    const splits = split(corpus.pairs());
    return { kind, corpus, splits, nearDuplicates: 0 };
  });
  const heldOut = parts.flatMap(({ splits }) =>
    [...splits.valid, ...splits.test].map(({ source }) => source),
  );
  const all = new HeldOut(heldOut);
  for (const part of parts) {
    const kept = part.splits.train.filter(({ source }) => !all.resembles(source));
    part.nearDuplicates = part.splits.train.length - kept.length;
    part.splits = { ...part.splits, train: kept };
  }
  return parts;
}

/** How many pairs come from messages, help, manual pages and descriptions. @param {import('./splits.mjs').Splits} splits */
function byKind({ train, valid, test }) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { origin } of [...train, ...valid, ...test]) {
    const kind = /^(\w+):/.exec(origin)?.[1] ?? 'messages';
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
