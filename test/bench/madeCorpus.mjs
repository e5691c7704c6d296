// A corpus of any size, made up: words by Zipf's law, 25 a sentence in the mean, a million types a language at most. The
// same for the same number of pairs, on every machine.
import { closeSync, openSync, writeSync } from 'node:fs';

const mostTypes = 1_000_000;
const meanWords = 25;
const spread = 0.55;
const mostWords = 100;
/** Random numbers from 0 to below 1 (xorshift, Marsaglia 2003). */
function uniform(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** The words of a language by frequency: the commoner, the shorter; all different. */
function makeWords(consonants, vowels) {
  const syllables = [...consonants].flatMap((consonant) => [...vowels].map((vowel) => consonant + vowel));
  return Array.from({ length: mostTypes }, (_, rank) => {
    let word = '';
    for (let rest = rank + 1; rest > 0; rest = Math.floor(rest / syllables.length))
      word += syllables[rest % syllables.length];
    return word;
  });
}

/** Writes a made-up TSV file and tells what is in it. Words are drawn by Zipf's law; a target follows its source. */
export function makeCorpus(file, pairs) {
  const languages = [makeWords('bdfgklmnprst', 'aeiou'), makeWords('bdghklnrstwz', 'äeioü')];
  const seen = languages.map(() => new Uint8Array(mostTypes));
  const words = [0, 0];
  const next = uniform(20140624);
  const descriptor = openSync(file, 'w');
  let block = '';
  for (let pair = 0; pair < pairs; pair++) {
    const normal = Math.sqrt(-2 * Math.log(next() + 2 ** -33)) * Math.cos(2 * Math.PI * next());
    const length = Math.min(
      mostWords,
      Math.max(1, Math.round(Math.exp(Math.log(meanWords) - spread ** 2 / 2 + spread * normal))),
    );
    const sides = ['', ''];
    for (let place = 0; place < length; place++) {
      const rank = Math.floor(Math.exp(next() * Math.log(mostTypes + 1))) - 1;
      for (const side of [0, 1]) {
        // Now and then a word has no counterpart, so that lengths differ.
        if (side === 1 && next() < 0.06 && place > 0) continue;
        const type = Math.min(rank, mostTypes - 1);
        seen[side][type] = 1;
        words[side]++;
        sides[side] += (sides[side] === '' ? '' : ' ') + languages[side][type];
      }
    }
    block += `${sides[0]}\t${sides[1]}\n`;
    if (block.length > 1 << 20) {
      writeSync(descriptor, block);
      block = '';
    }
  }
  writeSync(descriptor, block);
  closeSync(descriptor);
  const types = seen.map((flags) => flags.reduce((sum, flag) => sum + flag, 0));
  return {
    pairs,
    types: types[0] + types[1],
    meanWords: words.map((count) => Number((count / pairs).toFixed(3))),
  };
}
