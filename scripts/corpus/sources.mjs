// What the files of packages give: raw pairs, each with its origin, not filtered yet.
import { gunzipSync } from 'node:zlib';
import { pairBlocks, pairSentences } from './alignment.mjs';
import { readCatalogue } from './catalogue.mjs';
import { readDescriptions } from './descriptions.mjs';
import { whyExcluded } from './excluded.mjs';
import { readHelpPage } from './helpPages.mjs';
import { pairSections, readManualPage } from './manualPages.mjs';
import { plainMessage } from './messages.mjs';

/** @typedef {import('./alignment.mjs').SplitSentences} SplitSentences */
/** @typedef {import('./archive.mjs').Member} Member */
/** @typedef {import('./languages.mjs').Language} Language */
/** @typedef {import('./messages.mjs').Pair} Pair */
/** @typedef {{ source: string, target: string, origin: string }} RawPair */
/** @typedef {(complaint: string) => void} Complain told of files that are not what they should be */

const largestUnpacked = 4 * 2 ** 20;

/**
 * Which files of a package are worth reading.
 * @param {Language} language
 * @returns {(path: string) => boolean}
 */
export function wantedFiles({ locales }) {
  const locale = locales.join('|');
  const wanted = new RegExp(
    `(?:^|/)(?:${locale})/LC_MESSAGES/[^/]+\\.mo$` +
      `|^usr/share/help/(?:C|${locale})/.+\\.(?:page|docbook|xml)$` +
      `|^usr/share/gnome/help/[^/]+/(?:C|${locale})/.+\\.(?:docbook|xml)$` +
      `|^usr/share/man/(?:(?:${locale})(?:\\.UTF-8)?/)?man[1-9]/[^/]+\\.[1-9][^/]*\\.gz$` +
      '|^usr/share/doc/[^/]+/copyright$',
  );
  return (path) => wanted.test(path);
}

/**
 * The messages of a package's catalogues.
 * @param {string} name of the package
 * @param {readonly Member[]} members
 * @param {Complain} complain
 * @returns {Generator<RawPair>}
 */
export function* messagePairs(name, members, complain) {
  for (const { path, bytes } of members) {
    const domain = /\/LC_MESSAGES\/([^/]+)\.mo$/.exec(path)?.[1];
    if (domain === undefined || whyExcluded(domain) !== undefined) continue;
    try {
      for (const { source, target } of readCatalogue(bytes)) {
        const plain = plainMessage(source, target);
        if (plain !== undefined) yield { source: plain[0], target: plain[1], origin: name };
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      complain(`${path} of ${name} ${error.message}.`);
    }
  }
}

/**
 * The sentences of a package's help pages.
 * @param {string} name of the package
 * @param {readonly Member[]} members
 * @param {Language} language
 * @param {SplitSentences} split
 * @param {Complain} complain
 * @returns {Generator<RawPair>}
 */
export function* helpPairs(name, members, { tag, locales }, split, complain) {
  const files = new Map(members.map(({ path, bytes }) => [path, bytes]));
  for (const [path, bytes] of files) {
    const folder = /^usr\/share\/help\/C\/|^usr\/share\/gnome\/help\/[^/]+\/C\//.exec(path)?.[0];
    if (folder === undefined) continue;
    const translation = locales
      .map((locale) => files.get(folder.replace(/C\/$/, `${locale}/`) + path.slice(folder.length)))
      .find((found) => found !== undefined);
    if (translation === undefined) continue;
    const [source, target] = [bytes, translation].map((page) => readHelpPage(page.toString('utf8')));
    if (source === undefined || target === undefined) {
      complain(`${path} of ${name} or its translation is no XML.`);
      continue;
    }
    for (const pair of pairBlocks(source, target)) yield* sentencePairs(pair, split, tag, `help:${name}`);
  }
}

/** Manual pages of many packages: an English one and its translation are seldom in the same. */
export class ManualPages {
  /** @type {Map<string, { name: string, bytes: Buffer }>} English pages by section and name: `man1/ls.1` */
  #english = new Map();
  /** @type {Map<string, Buffer>} */
  #translated = new Map();

  /** @param {string} name of the package @param {readonly Member[]} members */
  add(name, members) {
    for (const { path, bytes } of members) {
      const [, locale, page] = /^usr\/share\/man\/([^/]+\/)?(man[1-9]\/[^/]+)\.gz$/.exec(path) ?? [];
      const program = /\/(.+)\.[^.]+$/.exec(page ?? '')?.[1];
      if (page === undefined || program === undefined || whyExcluded(program) !== undefined) continue;
      if (locale === undefined) {
        if (!this.#english.has(page)) this.#english.set(page, { name, bytes });
      } else if (!this.#translated.has(page)) this.#translated.set(page, bytes);
    }
  }

  /**
   * @param {Language} language
   * @param {SplitSentences} split
   * @returns {Generator<RawPair>}
   */
  *pairs({ tag }, split) {
    for (const [page, translation] of this.#translated) {
      const english = this.#english.get(page);
      const [source, target] = [english?.bytes, translation].map(unpacked);
      if (english === undefined || source === undefined || target === undefined) continue;
      for (const [section, translated] of pairSections(readManualPage(source), readManualPage(target))) {
        for (const pair of pairBlocks(section, translated))
          yield* sentencePairs(pair, split, tag, `man:${english.name}:${page}`);
      }
    }
  }
}

/** @param {Buffer | undefined} bytes @returns {string | undefined} */
function unpacked(bytes) {
  try {
    return bytes && gunzipSync(bytes, { maxOutputLength: largestUnpacked }).toString('utf8');
  } catch {
    return undefined;
  }
}

/**
 * The sentences of package descriptions.
 * @param {string} english apt's list
 * @param {string} translated apt's list
 * @param {Language} language
 * @param {SplitSentences} split
 * @param {(name: string) => boolean} isWanted
 * @returns {Generator<RawPair>}
 */
export function* descriptionPairs(english, translated, { tag, list }, split, isWanted) {
  const originals = readDescriptions(english, 'en');
  for (const [key, { name, blocks }] of readDescriptions(translated, list)) {
    const original = originals.get(key);
    if (original === undefined || whyExcluded(name) !== undefined || !isWanted(name)) continue;
    const prose = (/** @type {{ kind: string }} */ { kind }) => kind !== 'verbatim';
    const pairs = pairBlocks(original.blocks, blocks).filter((_, index) =>
      prose(blocks[index] ?? { kind: '' }),
    );
    for (const pair of pairs) yield* sentencePairs(pair, split, tag, `ddtp:${name}`);
  }
}

/**
 * @param {Pair} pair
 * @param {SplitSentences} split
 * @param {string} language
 * @param {string} origin
 * @returns {Generator<RawPair>}
 */
function* sentencePairs(pair, split, language, origin) {
  if (pair[0] === '' || pair[1] === '') return;
  for (const [source, target] of pairSentences(pair, split, language)) yield { source, target, origin };
}
