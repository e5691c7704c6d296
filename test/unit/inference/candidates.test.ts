/** What a hypothesis may say next is sorting all tokens, without those that it may not say. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expand } from '../../../models/inference/candidates';
import { beginHypothesis, limitsOf } from '../../../models/inference/hypothesis';
import { endId, firstByteId, placeholderToken } from '../../../models/text/reservedTokens';
import { sayingOf } from './scriptedDecoder';

const vocabularySize = firstByteId + 12;
/** Few values, so that many are equal. */
const scores = fc.array(fc.integer({ min: -4, max: 0 }), {
  minLength: vocabularySize,
  maxLength: vocabularySize,
});

it.each([
  ['in the middle of a sentence', 50, []],
  ['with a placeholder that is still to be said', 50, [placeholderToken(1)]],
  ['where there is room for nothing but the end', 0, []],
  ['where there is room for nothing but what is missing', 0, [placeholderToken(0), placeholderToken(2)]],
])('%s', (_, longest, placeholders) => {
  const source = [...placeholders, firstByteId, endId];
  const ends = placeholders.length === 0 ? [endId] : placeholders;
  const isText = (token: number): boolean => token >= firstByteId;
  const crossAttention = {
    data: new Float32Array(2 * source.length),
    dims: [1, 2, 1, 1, source.length] as const,
  };
  fc.assert(
    fc.property(scores, scores, fc.integer({ min: 1, max: 9 }), (other, all, count) => {
      const output = {
        ...sayingOf(Float32Array.from([...other, ...all]), vocabularySize, count),
        crossAttention,
      };
      const before = beginHypothesis(source, endId, 0);
      const found = expand(before, output, 1, { ...limitsOf(source), longest }, count);
      const sorted = all.map((_score, token) => token).sort((a, b) => all[b]! - all[a]!);
      // Whoever is sure of an end that is barred has nothing else to say.
      const isOver = sorted[0] === endId && !ends.includes(endId) && all[endId]! > Math.log(0.5);
      const mayBeSaid = (token: number): boolean =>
        ends.includes(token) || (longest > 0 && !isOver && isText(token));
      const wanted = sorted.filter(mayBeSaid).slice(0, count);
      expect(found.map(({ token }) => token)).toEqual(wanted);
      expect(found.map(({ logProbability }) => logProbability)).toEqual(wanted.map((token) => all[token]));
      const barred = sorted[0]!;
      expect(found[0]!.hypothesis.masked).toBe(!ends.includes(barred) && !isText(barred));
    }),
  );
});
