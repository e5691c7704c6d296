/** Text as a model has never seen it: words whose letters have changed places, in sentences that stay. */
import { findProtectedSpans } from '../text/protectedSpans';
import { shuffle } from './random';

/** Shorter words stay: there is little to shuffle, and they hold a sentence together. */
const word = /\p{L}{3,}/gu;

/**
 * @param share of the words that are shuffled, 0 … 1; each is drawn by itself
 * @param words random numbers below 2³²
 */
export function shuffleLetters(text: string, share: number, words: () => number): string {
  const spans = findProtectedSpans(text);
  return text.replace(word, (letters, index: number) => {
    if (words() / 2 ** 32 >= share || spans.some(({ start, end }) => start <= index && index < end))
      return letters;
    const characters = Array.from(letters);
    const order = characters.map((_, place) => place);
    shuffle(order, words);
    return order.map((place) => characters[place]!).join('');
  });
}
