/** The rules of greedy decoding, whatever a model would like to say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normals, randomWords } from '../../../models/data/random';
import {
  endId,
  firstByteId,
  isPlaceholder,
  paddingId,
  placeholderCount,
  startId,
  unknownId,
} from '../../../models/text/reservedTokens';
import { greedySearch } from './greedySearch';
import { placeholders, randomScript, source, vocabularySize, wishes } from './randomScripts';
import { normalised, scriptedDecoder, type Script } from './scriptedDecoder';
import { slowGreedy } from './slowGreedy';

const fixedSeed = 20_240_611;
const [cat, dog, cow] = [firstByteId, firstByteId + 1, firstByteId + 2];

/** A script that says these tokens one after the other, then the last for ever; the next best is always `cat`. */
function saying(...tokens: readonly number[]): Script {
  return (_, prefix) => {
    const scores = Float32Array.from({ length: vocabularySize }, (__, id) => (id === cat ? 1 : -id / 100));
    scores[tokens[Math.min(prefix.length, tokens.length - 1)]!] = 5;
    return normalised(scores);
  };
}

function search(script: Script, ...sources: readonly (readonly number[])[]) {
  return greedySearch(scriptedDecoder(vocabularySize, script), sources);
}

describe('whatever a model would like to say', () => {
  it('each placeholder comes once, no other reserved token does, and all is as decoding slowly finds it', async () => {
    const seen = { masked: 0, unmasked: 0, truncated: 0, ended: 0, longest: 0, all: 0 };
    await fc.assert(
      fc.asyncProperty(wishes, fc.array(source, { minLength: 1, maxLength: 4 }), async (wished, sources) => {
        const script = randomScript(wished);
        const found = await search(script, ...sources);
        found.forEach(({ tokens, masked, truncated }, index) => {
          const wanted = sources[index]!.filter(isPlaceholder);
          expect(tokens.filter((token) => token < firstByteId).toSorted((a, b) => a - b)).toEqual(wanted);
          const longest = sources[index]!.length + 50;
          expect(tokens.length).toBeLessThanOrEqual(longest);
          seen[masked ? 'masked' : 'unmasked']++;
          seen[truncated ? 'truncated' : 'ended']++;
          if (tokens.length === longest) seen.longest++;
          if (wanted.length === placeholderCount) seen.all++;
        });
        const expected = await slowGreedy(
          (prefixes) => Promise.resolve(prefixes.map((prefix, index) => script(sources[index]!, prefix))),
          sources,
        );
        found.forEach((hypothesis, index) => {
          const { score, probability, ...rest } = expected[index]!;
          expect(hypothesis).toMatchObject(rest);
          expect(hypothesis.score).toBeCloseTo(score, 5);
          expect(hypothesis.probability).toBeCloseTo(probability, 5);
          expectEven(hypothesis.attended, sources[index]!.length);
        });
      }),
      { seed: fixedSeed, numRuns: 150 },
    );
    for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(10);
  });
});

/** The scripted decoder looks at all of a source alike. */
function expectEven(attended: readonly number[], sourceLength: number): void {
  expect(attended).toHaveLength(sourceLength);
  expect(attended[0]! * sourceLength).toBeGreaterThan(0.999);
  expect(attended.every((value) => Math.abs(value - attended[0]!) < 1e-5)).toBe(true);
}

describe('a placeholder', () => {
  it('is said where the model says it, unmasked', async () => {
    const [found] = await search(saying(cat, placeholders[3]!, dog, endId), [placeholders[3]!, endId]);
    expect(found).toMatchObject({ tokens: [cat, placeholders[3], dog], masked: false, truncated: false });
  });

  it('is said once only', async () => {
    const twice = saying(placeholders[3]!, placeholders[3]!, endId);
    const [found] = await search(twice, [placeholders[3]!, endId]);
    expect(found).toMatchObject({ tokens: [placeholders[3], cat], masked: true, truncated: false });
  });

  it('that the source lacks is not said', async () => {
    const [found] = await search(saying(placeholders[3]!, endId), [cat, endId]);
    expect(found).toMatchObject({ tokens: [cat], masked: true });
  });

  it('that is missing keeps the end away, to the longest length if need be', async () => {
    const hasty: Script = () =>
      normalised(Float32Array.from({ length: vocabularySize }, (_, id) => (id === endId ? 9 : -id)));
    const [found] = await search(hasty, [...placeholders.slice(2, 5), endId]);
    expect(found).toMatchObject({ tokens: placeholders.slice(2, 5), masked: true, truncated: false });
    // Never says one; not periodic, so that only the length ends it.
    const [forced] = await search(wandering, [...placeholders, endId]);
    expect(forced!.tokens).toHaveLength(17 + 50);
    expect(forced!.tokens.slice(-16).toSorted((a, b) => a - b)).toEqual(placeholders);
    expect(forced!.truncated).toBe(true);
  });

  it('that is missing comes at once where the model is sure of its end, and else when the model says it', async () => {
    const source = [cat, ...placeholders.slice(2, 4), endId];
    const ending = (probability: number): Script => {
      return (_, prefix) => {
        const all = new Float32Array(vocabularySize).fill(-20);
        if (prefix.length === 0) all[cat] = -0.1;
        else {
          all[endId] = Math.log(probability);
          all[dog] = -3;
          all[placeholders[2]!] = all[placeholders[3]!] = prefix.length < 4 ? -9 : -2;
        }
        return all;
      };
    };
    const [sure] = await search(ending(0.6), source);
    expect(sure).toMatchObject({ tokens: [cat, placeholders[2], placeholders[3]], masked: true });
    const [unsure] = await search(ending(0.4), source);
    expect(unsure!.tokens).toEqual([cat, dog, dog, dog, placeholders[2], placeholders[3]]);
    expect([sure!.truncated, unsure!.truncated]).toEqual([false, false]);
  });

  it('that is missing when a repetition is cut is put behind what stays', async () => {
    const [found] = await search(saying(cat, dog), [placeholders[1]!, placeholders[0]!, endId]);
    expect(found).toMatchObject({
      tokens: [cat, dog, placeholders[1], placeholders[0]],
      masked: true,
      truncated: true,
    });
  });
});

/** Never twice the same stretch, never the end, and no placeholder of its own accord. */
const wandering: Script = (_, prefix) => {
  const normal = normals(randomWords(prefix.length));
  return normalised(
    Float32Array.from({ length: vocabularySize }, (__, token) => (token < firstByteId ? -9 : normal())),
  );
};

describe('a sentence', () => {
  it('holds no token that is no text', async () => {
    const [found] = await search(saying(paddingId, startId, unknownId, firstByteId - 1, endId), [cat, endId]);
    expect(found).toMatchObject({ tokens: [cat, cat, cat, cat], masked: true, truncated: false });
  });

  it('ends fifty tokens after its source’s length', async () => {
    const [short, long] = await search(
      wandering,
      [endId],
      Array.from({ length: 30 }, () => endId),
    );
    expect(short!.tokens).toHaveLength(51);
    expect(long!.tokens).toHaveLength(80);
    expect(short).toMatchObject({ masked: false, truncated: true });
  });

  it('that says the same for ever is cut and leaves it once', async () => {
    const decoder = scriptedDecoder(vocabularySize, saying(cat, dog, cow));
    const [found] = await greedySearch(decoder, [[cat, endId]]);
    expect(found).toMatchObject({ tokens: [cat, dog, cow], masked: false, truncated: true });
    expect(decoder.steps).toBe(2 + 12);
  });

  it('may repeat itself as far as its source does', async () => {
    const ruled = [cat, ...Array.from({ length: 40 }, () => dog)];
    const [found] = await search(saying(...ruled, endId), [...ruled, endId]);
    expect(found).toMatchObject({ tokens: ruled, truncated: false });
    const [runaway] = await search(saying(cat, dog), [...ruled, endId]);
    expect(runaway).toMatchObject({ tokens: ruled, truncated: true });
  });

  it('is scored by the mean over what was said and stayed, the end among it', async () => {
    const script: Script = (_, prefix) => {
      const all = new Float32Array(vocabularySize).fill(-20);
      all[[cat, dog, endId][prefix.length]!] = [-0.5, -1, -3][prefix.length]!;
      return all;
    };
    expect((await search(script, [cat, endId]))[0]!.score).toBeCloseTo(-1.5, 6);
    const again: Script = (_, prefix) => {
      const all = new Float32Array(vocabularySize).fill(-20);
      all[cat] = -1 - prefix.length;
      return all;
    };
    expect((await search(again, [cat, endId]))[0]).toMatchObject({ tokens: [cat], score: -1 });
  });
});

describe('a cancellation', () => {
  it('ends the search before the next token', async () => {
    const controller = new AbortController();
    const decoder = scriptedDecoder(vocabularySize, (source, prefix) => {
      if (prefix.length === 4) controller.abort();
      return wandering(source, prefix);
    });
    await expect(greedySearch(decoder, [[cat, endId]], controller.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(decoder.steps).toBe(5);
  });

  it('that came before begins nothing', async () => {
    const decoder = scriptedDecoder(vocabularySize, wandering);
    const search = greedySearch(
      { ...decoder, begin: () => Promise.reject(new Error('begun')) },
      [[endId]],
      AbortSignal.abort(),
    );
    await expect(search).rejects.toMatchObject({ name: 'AbortError' });
  });
});
