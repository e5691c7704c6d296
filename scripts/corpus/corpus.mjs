// A corpus while it grows: takes raw pairs, keeps those that are worth training on, counts why others are not.
import { objection, stopAsSource } from './filters.mjs';

/** @typedef {import('./sources.mjs').RawPair} RawPair */
/** @typedef {import('./filters.mjs').FindSpans} FindSpans */

/** Pairs that one template may give: “This package contains the … of X.” */
const templateLimit = 10;
/** A word of fewer sources than this fills a template's gap. */
const commonWord = 20;
/** A template has at least so many words besides its gaps. */
const leastTemplateWords = 4;

export class Corpus {
  /** @type {Map<string, RawPair>} by source */
  #pairs = new Map();
  /** @type {Map<string, number>} */
  #dropped = new Map();
  #given = 0;
  /** @type {FindSpans} */
  #findSpans;
  #fullStop;
  #isProse;

  /**
   * @param {object} options
   * @param {FindSpans} options.findSpans
   * @param {string} options.fullStop of the target language
   * @param {boolean} options.isProse documentation: remains of markup are dropped, and templates limited
   */
  constructor({ findSpans, fullStop, isProse }) {
    this.#findSpans = findSpans;
    this.#fullStop = fullStop;
    this.#isProse = isProse;
  }

  /** @param {Iterable<RawPair>} pairs */
  add(pairs) {
    for (const { source, target, origin } of pairs) {
      this.#given++;
      const stopped = stopAsSource(source, target, this.#fullStop);
      const why =
        objection(source, stopped, this.#findSpans) ??
        (this.#isProse && (hasRemains(source) || hasRemains(stopped)) ? 'markup' : undefined) ??
        (this.#pairs.has(source) ? 'duplicate' : undefined);
      if (why === undefined) this.#pairs.set(source, { source, target: stopped, origin });
      else this.#drop(why);
    }
  }

  get isEmpty() {
    return this.#pairs.size === 0;
  }

  /** The pairs in the order in which they came, at most ten a template where they are prose. @returns {RawPair[]} */
  pairs() {
    const pairs = [...this.#pairs.values()];
    return this.#isProse ? this.#withoutRepeatedTemplates(pairs) : pairs;
  }

  /** How many pairs were given, and how many of them each rule dropped. */
  counts() {
    return {
      given: this.#given,
      dropped: Object.fromEntries([...this.#dropped].sort((a, b) => b[1] - a[1])),
    };
  }

  /** @param {string} rule */
  #drop(rule) {
    this.#dropped.set(rule, (this.#dropped.get(rule) ?? 0) + 1);
  }

  /** @param {RawPair[]} pairs */
  #withoutRepeatedTemplates(pairs) {
    /** @type {Map<string, number>} in how many sources a word is */
    const frequency = new Map();
    const words = pairs.map(({ source }) => source.toLowerCase().split(/[^\p{L}\p{N}'’+.-]+/u));
    for (const one of words)
      for (const word of new Set(one)) frequency.set(word, (frequency.get(word) ?? 0) + 1);
    /** @type {Map<string, number>} */
    const seen = new Map();
    const kept = pairs.filter((_, index) => {
      const parts = (words[index] ?? []).map((word) =>
        (frequency.get(word) ?? 0) < commonWord ? '…' : word,
      );
      const template = parts.join(' ').replace(/…(?: …)+/g, '…');
      if (!template.includes('…') || parts.filter((word) => word !== '…').length < leastTemplateWords)
        return true;
      const count = (seen.get(template) ?? 0) + 1;
      seen.set(template, count);
      return count <= templateLimit;
    });
    if (kept.length < pairs.length) this.#dropped.set('template', pairs.length - kept.length);
    return kept;
  }
}

/** What should have been read as markup: roff's escapes, POD's B<…>, AsciiDoc's links, entities. @param {string} text */
function hasRemains(text) {
  return /\\f[BIRP(]|\\\(|\b[BCFILSX]<[^>]*>|&(?:lt|gt|amp|quot|nbsp);|(?:link|xref):\S+\[|<<[\w-]+>>|\{[a-z]+(?:-[a-z]+)+\}/.test(
    text,
  );
}
