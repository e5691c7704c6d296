// A step of the build: eld's n-grams as one text instead of fifty thousand objects, of which V8 makes 50 MB in a third of
// a second, while somebody waits for the first translation. models/text/packedNgrams.ts unpacks them.
import { inRoot } from './setup/paths.mjs';

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
 * A loader of webpack's.
 *
 * @param {string} source of one of eld's databases
 */
export default function packedModule(source) {
  const [, literal] = /export const ngramsData = (\{.*\});?\s*$/s.exec(source) ?? [];
  if (literal === undefined)
    throw new Error('eld has its n-grams in another form: see scripts/packNgrams.mjs.');
  const { ngrams, ...rest } = /** @type {() => { ngrams: Parameters<typeof packNgrams>[0] }} */ (
    new Function(`return ${literal}`)
  )();
  const { keys, scores } = packNgrams(ngrams);
  const unpacker = inRoot('models', 'text', 'packedNgrams.ts');
  return [
    `import { unpackNgrams } from ${JSON.stringify(unpacker)};`,
    `export const ngramsData = {`,
    `  ...${JSON.stringify(rest)},`,
    `  ngrams: unpackNgrams(${JSON.stringify(keys)}, ${JSON.stringify(scores)}),`,
    `};`,
  ].join('\n');
}
