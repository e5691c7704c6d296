/** Scripts of every temper and sources with placeholders: what a search meets, and worse. */
import fc from 'fast-check';
import { normals, randomWords } from '../../../models/data/random';
import {
  endId,
  firstByteId,
  isPlaceholder,
  placeholderCount,
  placeholderToken,
} from '../../../models/text/reservedTokens';
import { normalised, type Script } from './scriptedDecoder';

export const vocabularySize = firstByteId + 8;
export const placeholders = Array.from({ length: placeholderCount }, (_, index) => placeholderToken(index));

export interface Wishes {
  readonly seed: number;
  /** How far back the model looks. */
  readonly memory: number;
  /** How much it likes to end, to say placeholders, and tokens that are no text. */
  readonly end: number;
  readonly placeholder: number;
  readonly reserved: number;
}

export const wishes: fc.Arbitrary<Wishes> = fc.record({
  seed: fc.nat(),
  memory: fc.constantFrom(0, 1, 2, 100),
  end: fc.integer({ min: -6, max: 3 }),
  placeholder: fc.integer({ min: -12, max: 4 }),
  reserved: fc.integer({ min: -12, max: 1 }),
});

export const source: fc.Arbitrary<number[]> = fc
  .tuple(
    fc.array(fc.integer({ min: firstByteId, max: vocabularySize - 1 }), { maxLength: 20 }),
    fc.subarray(placeholders),
  )
  .map(([words, held]) => [...words, ...held, endId]);

export function randomScript({ seed, memory, end, placeholder, reserved }: Wishes): Script {
  return (source, prefix) => {
    const remembered = memory === 0 ? [] : prefix.slice(-memory);
    const normal = normals(randomWords(seed, source.length, source[0]!, ...remembered));
    const liking = (token: number): number => {
      if (token === endId) return end;
      if (isPlaceholder(token)) return placeholder;
      return token < firstByteId ? reserved : 0;
    };
    return normalised(Float32Array.from({ length: vocabularySize }, (_, token) => normal() + liking(token)));
  };
}
