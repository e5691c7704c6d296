// Lines of two documents up: where both have the same structure, their blocks belong together; where two blocks have
// as many sentences, those do.

/**
 * @typedef {object} Block a piece of running text
 * @property {string} kind what it is in the document; two documents are alike where their kinds are
 * @property {string} text
 */
/** @typedef {import('./messages.mjs').Pair} Pair */
/** @typedef {(text: string, language: string) => readonly { start: number, end: number }[]} SplitSentences */

/**
 * Stands in a text for what is not known: a title that a link shows, a picture of a button, a character without a name.
 * A sentence with one is dropped; those beside it are kept.
 */
export const unknown = '\ufffc';

/**
 * The blocks of two documents in pairs; none where the structures differ, since then any pair may be wrong.
 * @param {readonly Block[]} source
 * @param {readonly Block[]} target
 * @returns {Pair[]}
 */
export function pairBlocks(source, target) {
  if (source.length !== target.length) return [];
  if (source.some(({ kind }, index) => kind !== target[index]?.kind)) return [];
  return source.map(({ text }, index) => [text, target[index]?.text ?? '']);
}

/**
 * The sentences of a pair of blocks in pairs; the pair itself where one side has more of them than the other.
 * @param {Pair} pair
 * @param {SplitSentences} split
 * @param {string} language of the target
 * @returns {Pair[]}
 */
export function pairSentences([source, target], split, language) {
  const sources = split(source, 'en');
  const targets = split(target, language);
  if (sources.length !== targets.length || sources.length < 2) return [[source, target]];
  return sources.map(({ start, end }, index) => {
    const there = /** @type {{ start: number, end: number }} */ (targets[index]);
    return [source.slice(start, end), target.slice(there.start, there.end)];
  });
}
