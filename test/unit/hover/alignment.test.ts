/** Attention piece by piece and word by word: nothing of it is lost on the way, and every row still sums to one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignmentOf, inWords, type TokenisedText } from '../../../extension/hover/alignment';

/** A text out of pieces, as the engine describes it: `▁` is a space, and the end comes last. */
function tokenised(...pieces: string[]): TokenisedText {
  let text = '';
  const tokens = pieces.map((piece) => {
    const start = text.length;
    text += piece.replaceAll('▁', ' ');
    return { text: piece, start, end: text.length };
  });
  return { text, tokens: [...tokens, { text: '</s>', start: text.length, end: text.length }] };
}

/** Weights of two heads, each row summing to 1. */
function weightsFor(target: TokenisedText, source: TokenisedText) {
  const [queries, keys] = [target.tokens.length, source.tokens.length];
  const weights = new Float32Array(2 * queries * keys);
  for (let row = 0; row < 2 * queries; row++) {
    const raw = Array.from({ length: keys }, (_, key) => 1 + ((row * 7 + key * 13) % 11));
    const sum = raw.reduce((total, value) => total + value, 0);
    raw.forEach((value, key) => (weights[row * keys + key] = value / sum));
  }
  return { heads: 2, queries, keys, weights };
}

function align(target: TokenisedText, source: TokenisedText) {
  return alignmentOf(source, target, weightsFor(target, source));
}

describe('an alignment', () => {
  it('is the mean of the heads, piece by piece', () => {
    const target = tokenised('The', '▁file', 's', '▁', '`a.txt`', '.');
    const source = tokenised('Die', '▁Datei', 'en');
    const alignment = align(target, source)!;
    expect(alignment).toMatchObject({
      rows: ['The', 'file', '·s', '`a.txt`', '.', '</s>'],
      columns: ['Die', 'Datei', '·en', '</s>'],
      words: false,
    });
    const { weights } = weightsFor(target, source);
    const keys = 4;
    expect(alignment.weights[0]).toBeCloseTo((weights[0]! + weights[7 * keys]!) / 2, 6);
    expect(alignment.weights[1 * keys + 2]).toBeCloseTo((weights[keys + 2]! + weights[8 * keys + 2]!) / 2, 6);
    // The lone space and what follows it are one row, their mean.
    const spaceAndSpan = [3, 4].flatMap((query) => [weights[query * keys]!, weights[(7 + query) * keys]!]);
    expect(alignment.weights[3 * keys]).toBeCloseTo(spaceAndSpan.reduce((a, b) => a + b) / 4, 6);
  });

  it('takes the bytes of a character together, by the text', () => {
    const bytes = (start: number, end: number, ...values: string[]) =>
      values.map((value) => ({ text: `<0x${value}>`, start, end }));
    const source: TokenisedText = {
      text: 'a 打\ufffd',
      tokens: [
        { text: 'a', start: 0, end: 1 },
        { text: '▁', start: 1, end: 2 },
        ...bytes(2, 3, 'E6', '89', '93'),
        ...bytes(3, 4, 'C3'),
        { text: '</s>', start: 4, end: 4 },
      ],
    };
    expect(align(tokenised('x'), source)!.columns).toEqual(['a', '打', '\ufffd', '</s>']);
  });

  it('takes the pieces of words together where there are many, but for scripts without spaces', () => {
    const long = Array.from({ length: 9 }, () => ['▁Kon', 'fig', 'uration']).flat();
    const { rows, words } = align(tokenised('Die', ...long, ',', '▁', '%s', 's', '.'), tokenised('a'))!;
    expect(words).toBe(true);
    expect(rows).toEqual([
      'Die',
      ...Array.from({ length: 9 }, () => 'Konfiguration'),
      ',',
      '%s',
      's',
      '.',
      '</s>',
    ]);
    const chinese = Array.from({ length: 30 }, () => '语言');
    expect(align(tokenised(...chinese), tokenised('a'))!.rows).toHaveLength(31);
  });

  it('is none where there is too much for a picture', () => {
    const words = (count: number) => tokenised(...Array.from({ length: count }, () => '▁word'));
    expect(align(words(39), words(39))!.rows).toHaveLength(40);
    expect(align(words(40), words(5))).toBeUndefined();
    expect(align(words(5), words(40))).toBeUndefined();
  });

  it('keeps rows that sum to one, whatever is taken together', () => {
    const piece = fc.constantFrom('a', 'bc', '▁', '▁de', '.', '`x`', '打', '1', '▁ü', '·', '…');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 45 }), fc.array(piece, { maxLength: 45 }), (rows, columns) => {
        const alignment = align(tokenised(...rows), tokenised(...columns));
        if (alignment === undefined) return;
        const width = alignment.columns.length;
        alignment.rows.forEach((_, row) => {
          const values = Array.from(alignment.weights).slice(row * width, (row + 1) * width);
          expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
        });
        for (const label of [...alignment.rows, ...alignment.columns]) expect(label).not.toBe('');
      }),
      { numRuns: 500, seed: 9 },
    );
  });
});

describe('an alignment in words', () => {
  it('names for each word what it looked at most, without the end', () => {
    const map = { rows: ['The', 'file', '</s>'], columns: ['Die', 'Datei', '</s>'] };
    expect(inWords({ ...map, weights: [0.6, 0.4, 0, 0.1, 0.8, 0.1, 0, 0, 1] })).toBe(
      'The ← Die, file ← Datei',
    );
  });
});
