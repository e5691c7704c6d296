/** The n-grams of the library eld, as the build packs them (scripts/packNgrams.mjs), looked up one by one. */

type Ngrams = Readonly<Record<string, Readonly<Record<number, number>> | undefined>>;

const firstCharacter = 0x30;

/**
 * As the library has them: scores of each n-gram by the language's number, `undefined` for an n-gram that is not there.
 *
 * @param keys n-grams, parted by line breaks
 * @param scores of each, how many languages there are, then each language and its score, as characters
 */
export function unpackNgrams(keys: string, scores: string): Ngrams {
  const numberAt = (place: number): number => scores.charCodeAt(place) - firstCharacter;
  const places = new Map<string, number>();
  let next = 0;
  for (const key of keys.split('\n')) {
    places.set(key, next);
    next += 1 + 2 * numberAt(next);
  }
  return new Proxy<Ngrams>(
    {},
    {
      get: (_, key) => {
        const place = typeof key === 'string' ? places.get(key) : undefined;
        if (place === undefined) return undefined;
        const byLanguage: Record<number, number> = {};
        for (let left = numberAt(place), at = place + 1; left > 0; left--, at += 2)
          byLanguage[numberAt(at)] = numberAt(at + 1);
        return byLanguage;
      },
    },
  );
}
