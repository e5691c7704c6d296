// A step of the build: eld's n-grams as one text instead of fifty thousand objects, of which V8 makes 50 MB in a third of
// a second, while somebody waits for the first translation. models/text/packedNgrams.ts unpacks them.
import { pathToFileURL } from 'node:url';

/** So that no character is one that has to be escaped. */
const firstCharacter = 0x30;

/**
 * @param {Readonly<Record<string, Readonly<Record<string, number>>>>} ngrams scores of each n-gram by the language's number
 * @returns {{ keys: string, scores: string }} n-grams, parted by line breaks; of each, in the same order, how many languages
 * there are, then each language and its score, as characters
 */
export function packNgrams(ngrams) {
  const scores = Object.values(ngrams).map((byLanguage) => {
    const pairs = Object.entries(byLanguage);
    const numbers = [pairs.length, ...pairs.flatMap(([language, score]) => [Number(language), score])];
    // One byte a character, in memory too.
    if (numbers.some((number) => !Number.isInteger(number) || number < 0 || number > 0xff - firstCharacter))
      throw new Error(`eld has an n-gram that does not fit: ${numbers.join(', ')}.`);
    return String.fromCharCode(...numbers.map((number) => number + firstCharacter));
  });
  const keys = Object.keys(ngrams);
  if (keys.some((key) => key.includes('\n'))) throw new Error('eld has an n-gram with a line break.');
  return { keys: keys.join('\n'), scores: scores.join('') };
}

/**
 * A loader of webpack's, for one of eld's databases.
 *
 * @this {{ readonly resourcePath: string }}
 * @returns {Promise<string>}
 */
export default async function packedModule() {
  const { ngramsData } = await import(pathToFileURL(this.resourcePath).href);
  if (ngramsData?.ngrams === undefined)
    throw new Error('eld has its n-grams in another form: see scripts/packNgrams.mjs.');
  const { ngrams, ...rest } = ngramsData;
  const { keys, scores } = packNgrams(ngrams);
  return [
    // From node_modules/eld/src/ngrams.
    `import { unpackNgrams } from '../../../../models/text/packedNgrams.ts';`,
    `export const ngramsData = {`,
    `  ...${JSON.stringify(rest)},`,
    `  ngrams: unpackNgrams(${JSON.stringify(keys)}, ${JSON.stringify(scores)}),`,
    `};`,
  ].join('\n');
}
