/** Beams wider than one: what they find, in which order, and when they stop. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normals, randomWords } from '../../../models/data/random';
import type { Hypothesis } from '../../../models/inference/hypothesis';
import { search, type SearchOptions } from '../../../models/inference/search';
import { endId, firstByteId, isPlaceholder } from '../../../models/text/reservedTokens';
import { placeholders, randomScript, source, vocabularySize, wishes } from './randomScripts';
import { normalised, scriptedDecoder, type Script } from './scriptedDecoder';
import { slowBeam } from './slowBeam';

const fixedSeed = 20_241_124;
const [cat, dog, cow] = [firstByteId, firstByteId + 1, firstByteId + 2];
const words = [cat, dog, cow];

/** A script of likelihoods after each prefix, named by its words; the rest is shared by all others. Other prefixes never end. */
function tree(likelihoods: Readonly<Record<string, Readonly<Record<string, number>>>>): Script {
  const names = new Map([
    [cat, 'cat'],
    [dog, 'dog'],
    [cow, 'cow'],
    [endId, 'end'],
  ]);
  return (_, prefix) => {
    const here = likelihoods[prefix.map((token) => names.get(token)).join(' ')] ?? { end: 1e-9 };
    const rest = 1 - Object.values(here).reduce((sum, value) => sum + value, 0);
    const others = vocabularySize - Object.keys(here).length;
    return Float32Array.from({ length: vocabularySize }, (__, id) =>
      Math.log(here[names.get(id) ?? ''] ?? Math.max(rest, 1e-9) / others),
    );
  };
}

async function find(script: Script, options: SearchOptions): Promise<Hypothesis[]> {
  return (await search(scriptedDecoder(vocabularySize, script), [[cat, endId]], options))[0]!;
}

describe('a beam wide enough', () => {
  /** Three words and the end, at random; after three tokens only the end is likely. */
  const shortScript =
    (seed: number): Script =>
    (source, prefix) => {
      const normal = normals(randomWords(seed, source.length, ...prefix));
      const scores = Float32Array.from({ length: firstByteId + 3 }, () => 2 * normal());
      if (prefix.length >= 3) words.forEach((word) => (scores[word] = -60));
      return normalised(scores);
    };

  const everything = (length: number): number[][] =>
    length === 0
      ? [[]]
      : [[], ...everything(length - 1).flatMap((rest) => words.map((word) => [word, ...rest]))];

  it('finds what trying everything finds, whatever the length penalty', async () => {
    const penalty = fc.constantFrom(0, 0.6, 1, 2);
    const lengths = new Set<number>();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        penalty,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        async (seed, lengthPenalty, sourceLengths) => {
          const script = shortScript(seed);
          const sources = sourceLengths.map((length) => Array.from({ length }, () => endId));
          const decoder = scriptedDecoder(firstByteId + 3, script);
          const found = await search(decoder, sources, { beamSize: 64, lengthPenalty, best: 8 });
          sources.forEach((source, index) => {
            const scored = everything(3).map((tokens) => {
              const said = [...tokens, endId].map((token, place) => {
                return script(source, tokens.slice(0, place))[token]!;
              });
              const sum = said.reduce((total, value) => total + value, 0);
              return { tokens, penalisedScore: sum / ((5 + said.length) / 6) ** lengthPenalty };
            });
            const expected = scored.toSorted((a, b) => b.penalisedScore - a.penalisedScore).slice(0, 8);
            expect(found[index]!.map(({ tokens }) => tokens)).toEqual(expected.map(({ tokens }) => tokens));
            found[index]!.forEach(({ penalisedScore }, place) =>
              expect(penalisedScore).toBeCloseTo(expected[place]!.penalisedScore, 9),
            );
            lengths.add(found[index]![0]!.tokens.length);
          });
        },
      ),
      { seed: fixedSeed, numRuns: 25 },
    );
    expect(lengths).toEqual(new Set([0, 1, 2, 3]));
  });
});

describe('any beam', () => {
  it('finds what a slow search finds that never stops early; in a batch as alone; each entry as the rules want it', async () => {
    const seen = { masked: 0, truncated: 0, several: 0, held: 0, early: 0 };
    const plainSource = source.map((tokens) => tokens.filter((token) => !isPlaceholder(token)));
    /** A model that is sure of itself lets a search stop early. */
    const sharpness = fc.constantFrom(1, 4);
    const settings = fc.record({
      beamSize: fc.integer({ min: 2, max: 4 }),
      lengthPenalty: fc.constantFrom(0, 0.6, 1.5),
      best: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        wishes,
        sharpness,
        settings,
        fc.array(fc.oneof(source, plainSource), { minLength: 1, maxLength: 2 }),
        async (wished, sharp, { best: wanted, ...rest }, sources) => {
          const random = randomScript(wished);
          const script = remembering((...known) =>
            normalised(random(...known).map((value) => sharp * value)),
          );
          const best = Math.min(wanted, rest.beamSize);
          const found = await search(scriptedDecoder(vocabularySize, script), sources, { ...rest, best });
          for (const [index, source] of sources.entries()) {
            const hypotheses = found[index]!;
            const alone = scriptedDecoder(vocabularySize, script);
            expect((await search(alone, [source], { ...rest, best }))[0]).toEqual(
              hypotheses.map((one) => ({ ...one, attended: expect.any(Array) as number[] })),
            );
            let slowSteps = 0;
            const expected = await slowBeam(
              (prefixes) => {
                slowSteps++;
                return Promise.resolve(prefixes.map((prefix) => script(source, prefix)));
              },
              source,
              rest,
            );
            expect(hypotheses).toMatchObject(expected.slice(0, best));
            expect(hypotheses.length).toBeGreaterThan(0);
            checkList(hypotheses, source);
            if (hypotheses.length > 1) seen.several++;
            if (hypotheses.some(({ masked }) => masked)) seen.masked++;
            if (hypotheses.some(({ truncated }) => truncated)) seen.truncated++;
            if (hypotheses.length > 1 && source.some(isPlaceholder)) seen.held++;
            if (alone.steps < slowSteps) seen.early++;
          }
        },
      ),
      { seed: fixedSeed, numRuns: 40 },
    );
    for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(1);
  });

  function checkList(hypotheses: readonly Hypothesis[], source: readonly number[]): void {
    expect(new Set(hypotheses.map(({ tokens }) => tokens.join())).size).toBe(hypotheses.length);
    const order = hypotheses.map(({ truncated, penalisedScore }) => [Number(truncated), -penalisedScore]);
    expect(order.toSorted(([a, b], [c, d]) => a! - c! || b! - d!)).toEqual(order);
    for (const { tokens } of hypotheses) {
      const reserved = tokens.filter((token) => token < firstByteId);
      expect(reserved.toSorted((a, b) => a - b)).toEqual(source.filter(isPlaceholder));
      expect(tokens.length).toBeLessThanOrEqual(source.length + 50);
    }
  }

  /** The same searches ask for the same again. */
  function remembering(script: Script): Script {
    const known = new Map<string, Float32Array>();
    return (source, prefix) => {
      const key = `${source.join()}|${prefix.join()}`;
      const value = known.get(key) ?? script(source, prefix);
      known.set(key, value);
      return value;
    };
  }
});

describe('a wider beam', () => {
  it('gets out where greedy decoding is caught', async () => {
    const trap = tree({
      '': { cat: 0.5, dog: 0.4 },
      cat: { cat: 0.3, dog: 0.25, end: 0.25 },
      'cat cat': { end: 0.99 },
      'cat dog': { end: 0.99 },
      dog: { end: 0.95 },
    });
    const scores: number[] = [];
    for (const beamSize of [1, 2, 3, 4]) {
      const [best] = await find(trap, { beamSize, lengthPenalty: 0.6 });
      expect(best!.tokens).toEqual(beamSize === 1 ? [cat, cat] : [dog]);
      scores.push(best!.penalisedScore);
    }
    expect(scores[0]).toBeLessThan(scores[1]!);
    expect(scores.toSorted((a, b) => a - b)).toEqual(scores);
  });

  it('says a longer sentence where the length penalty makes it better', async () => {
    const script = tree({
      '': { end: 0.5, cat: 0.45 },
      cat: { dog: 0.99, end: 1e-9 },
      'cat dog': { cow: 0.99, end: 1e-9 },
      'cat dog cow': { end: 0.99 },
    });
    const [short] = await find(script, { beamSize: 4, lengthPenalty: 0 });
    const [long] = await find(script, { beamSize: 4, lengthPenalty: 0.6 });
    expect([short!.tokens, long!.tokens]).toEqual([[], [cat, dog, cow]]);
    const sum = Math.log(0.45 * 0.99 ** 3);
    expect(long!.penalisedScore).toBeCloseTo(sum / (9 / 6) ** 0.6, 6);
    expect(long!.score).toBeCloseTo(sum / 4, 6);
  });

  /** Cats without an end; any dog between them ends it. */
  const catsFor =
    (endAfterOne: number): Script =>
    (_, prefix) => {
      const likely = new Float32Array(vocabularySize).fill(-20);
      const runsOn = prefix.every((token) => token === cat);
      if (runsOn) [likely[cat], likely[dog]] = [-0.02, -4];
      likely[endId] = runsOn ? (prefix.length === 1 ? endAfterOne : -20) : -0.1;
      return likely;
    };
  const [once, elevenAndDog] = [[cat], [...Array.from({ length: 11 }, () => cat), dog]];

  it('prefers a whole sentence to one that was cut, however likely that was', async () => {
    const settings = { beamSize: 2, lengthPenalty: 0.6, best: 2 };
    const [whole, cut] = await find(catsFor(-20), settings);
    expect(whole).toMatchObject({ tokens: elevenAndDog, truncated: false });
    expect(cut).toMatchObject({ tokens: once, truncated: true });
    expect(cut!.penalisedScore).toBeGreaterThan(whole!.penalisedScore);
    // What was cut off was said, and counts.
    expect(cut!.penalisedScore).toBeCloseTo((12 * -0.02) / (17 / 6) ** 0.6, 6);
  });

  it('lists no tokens twice, though a sentence that was cut has those of a whole one', async () => {
    const list = await find(catsFor(-1), { beamSize: 2, lengthPenalty: 0.6, best: 2 });
    expect(list.map(({ tokens, truncated }) => ({ tokens, truncated }))).toEqual([
      { tokens: once, truncated: false },
      { tokens: elevenAndDog, truncated: false },
    ]);
  });
});

describe('equal candidates', () => {
  it('go by their rows, then by their ids', async () => {
    const even: Script = (_, prefix) => {
      const scores = new Float32Array(vocabularySize).fill(-50);
      for (const token of prefix.length < 2 ? words : [endId]) scores[token] = 0;
      return normalised(scores);
    };
    const list = await find(even, { beamSize: 3, lengthPenalty: 0.6, best: 3 });
    expect(list.map(({ tokens }) => tokens)).toEqual([
      [cat, cat],
      [cat, dog],
      [cat, cow],
    ]);
  });
});

describe('a source that is done', () => {
  it('leaves the batch, and no step is taken for nothing', async () => {
    const script: Script = (source, prefix) => {
      const scores = new Float32Array(vocabularySize).fill(-9);
      scores[prefix.length < source.length ? cat + (prefix.length % 3) : endId] = 3;
      return normalised(scores);
    };
    const decoder = scriptedDecoder(vocabularySize, script);
    const rows: number[] = [];
    const kept: number[] = [];
    const counting = {
      config: decoder.config,
      begin: async (sources: readonly (readonly number[])[]) => {
        const state = await decoder.begin(sources);
        return {
          step: (...step: Parameters<typeof state.step>) => {
            rows.push(step[0].length);
            return state.step(...step);
          },
          keepSources: (which: readonly number[]) => {
            kept.push(which.length);
            return state.keepSources(which);
          },
          dispose: () => state.dispose(),
        };
      },
    };
    const sources = [1, 3].map((length) => Array.from({ length }, () => endId));
    const found = await search(counting, sources, { beamSize: 4, lengthPenalty: 0.6 });
    expect(found.map(([first]) => first!.tokens.length)).toEqual([1, 3]);
    // Two sources, a beam of four each, and one beam once the shorter sentence cannot be beaten any more.
    expect(rows).toEqual([2, 8, 4, 4]);
    expect(kept).toEqual([8, 4]);
  });
});

describe('every entry of an n-best list', () => {
  it('holds each placeholder once, though no two stand alike', async () => {
    const [first, second] = [placeholders[2]!, placeholders[5]!];
    const even: Script = () => new Float32Array(vocabularySize).fill(-Math.log(vocabularySize));
    const [list] = await search(scriptedDecoder(vocabularySize, even), [[first, second, endId]], {
      ...{ beamSize: 5, lengthPenalty: 0.6, best: 5 },
    });
    expect(list!.length).toBeGreaterThan(1);
    for (const { tokens } of list!)
      expect(tokens.filter(isPlaceholder).toSorted((a, b) => a - b)).toEqual([first, second]);
  });
});
