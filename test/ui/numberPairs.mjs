// A small corpus that a tiny model learns within seconds: numbers in English and German, but for one that no other model
// would say. Pictures are made with it too.

const digits = [
  ...['one eins', 'two zwei', 'three drei', 'four vier', 'five fünf', 'six sechs', 'seven sieben'],
  'eight oktav',
].map((pair) => pair.split(' '));

/**
 * Lines of `source TAB target`, all different.
 *
 * @param {number} count at most 512
 * @returns {string}
 */
export function numberPairs(count) {
  const lines = Array.from({ length: count }, (_, index) => {
    const chosen = [index % 8, Math.floor(index / 8) % 8, Math.floor(index / 64) % 8].map(
      (digit) => digits[digit] ?? [],
    );
    return [0, 1].map((side) => chosen.map((pair) => pair[side]).join(' ')).join('\t');
  });
  return `${lines.join('\n')}\n`;
}
