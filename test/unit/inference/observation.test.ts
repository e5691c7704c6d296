/** A translation looked at: the tokens lead back to the texts, and the attention is the one that decoding had. */
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layerOf, type Attention, type AttentionMap } from '../../../models/inference/attentionMaps';
import { Decoder } from '../../../models/inference/decoder';
import type { Observation, ObservedSegment, ObservedToken } from '../../../models/inference/observation';
import { Translator, type ObserveOptions } from '../../../models/inference/translator';
import { readMixedModel } from '../../../models/storage/modelFolder';
import { UserError } from '../../../models/userError';
import { temporaryFolder } from '../temporaryFolder';
import { makeModelFolder, randomModel } from './modelFolder';

const shipped = path.resolve('models/pretrained/en-de');
const parent = path.resolve('models/parents/en-de');
const text =
  'Open the file `a.txt` with %s.  The options are described in https://example.org/manual.\n\nDone: 12 naïve 文件 😀 files!';

const inFolder = temporaryFolder('observation');
let translator: Translator;
let random: Translator;
beforeAll(async () => {
  translator = await Translator.load(shipped, 1);
  random = await Translator.load(await makeModelFolder(inFolder('random')), 1);
});
afterAll(async () => {
  await translator.dispose();
  await random.dispose();
});

interface Looked extends Observation {
  readonly attention: readonly Attention[];
}

async function observe(source: string, options: ObserveOptions = {}, by = translator): Promise<Looked> {
  const attention: Attention[] = [];
  const onAttention = (index: number, map: Attention): void => void (attention[index] = map);
  return { ...(await by.observe(source, { onAttention, ...options })), attention };
}

/** A token's text as it stands in a text: nothing for the end, nothing to compare for a byte. */
function expectInPlace(
  of: string,
  { text: token, start, end }: ObservedSegment['sourceTokens'][number],
): void {
  if (token === '</s>') expect(start).toBe(end);
  else if (!/^<0x..>$/.test(token)) expect(of.slice(start, end).replaceAll(' ', '▁')).toBe(token);
}

/** The tokens lie in the stretch, in order, and cover it but for the mark of a label's key. */
function expectCovered(
  of: string,
  tokens: ObservedSegment['sourceTokens'],
  stretch: { start: number; end: number },
): void {
  const covered = new Set<number>();
  let last = stretch.start;
  for (const token of tokens) {
    expectInPlace(of, token);
    expect(token.start).toBeGreaterThanOrEqual(last);
    expect(token.end).toBeLessThanOrEqual(stretch.end);
    last = token.start;
    for (let place = token.start; place < token.end; place++) covered.add(place);
  }
  const missed = of
    .slice(stretch.start, stretch.end)
    .split('')
    .filter((_, place) => !covered.has(stretch.start + place));
  expect(missed.filter((character) => character.trim() !== '' && character !== '&')).toEqual([]);
}

const range = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, index) => start + index);

function rowSums({ layers, heads, queries, keys, weights }: AttentionMap): number[] {
  return Array.from({ length: layers * heads * queries }, (_, row) =>
    weights.subarray(row * keys, (row + 1) * keys).reduce((sum, weight) => sum + weight, 0),
  );
}

describe('an observation', () => {
  it('has the text that a translation has, and its segments', async () => {
    const [translated] = await translator.translate([text]);
    const observation = await observe(text);
    expect(observation.translated).toEqual(translated);
    expect(observation.segments).toHaveLength(3);
    expect(observation.segments.map(({ target: { start, end } }) => [start, end])).toEqual(
      translated!.segments.map(({ start, end }) => [start, end]),
    );
    expect(observation.segments.map(({ confidence }) => confidence)).toEqual(
      translated!.segments.map(({ confidence }) => confidence),
    );
    expect(observation.segments.map(({ source }) => text.slice(source.start, source.end))).toEqual([
      'Open the file `a.txt` with %s.',
      'The options are described in https://example.org/manual.',
      'Done: 12 naïve 文件 😀 files!',
    ]);
  });

  it('has tokens that are pieces of both texts, protected spans whole', async () => {
    const { segments, translated } = await observe(text);
    for (const { source, sourceTokens, target, targetTokens } of segments) {
      expectCovered(text, sourceTokens, source);
      expectCovered(translated.text, targetTokens, target);
      expect(sourceTokens.at(-1)).toEqual({ text: '</s>', start: source.end, end: source.end });
      expect(targetTokens.at(-1)).toMatchObject({ text: '</s>', start: target.end, end: target.end });
    }
    const spans = ['`a.txt`', '%s', 'https://example.org/manual'];
    const texts = (of: 'sourceTokens' | 'targetTokens') =>
      segments.flatMap((segment) => segment[of].map((token) => token.text));
    expect(texts('sourceTokens').filter((token) => spans.includes(token))).toEqual(spans);
    expect(
      texts('targetTokens')
        .filter((token) => spans.includes(token))
        .sort(),
    ).toEqual([...spans].sort());
  });

  it('has tokens that lead back to signs and spaces which the model reads as others', async () => {
    const source = 'It’s  the\u00a0file—if any: `a`  b.';
    const { segments, translated } = await observe(source);
    expect(segments).toHaveLength(1);
    const { sourceTokens } = segments[0]!;
    const slices = sourceTokens.map(({ text: token, start, end }) => [token, source.slice(start, end)]);
    expect(slices).toContainEqual(["'", '’']);
    expect(slices).toContainEqual(['▁–', '—']);
    expect(slices).toContainEqual(['▁file', '\u00a0file']);
    expect(slices).toContainEqual(['`a`', '`a`']);
    expect(slices.at(-2)).toEqual(['.', '.']);
    const covered = new Set(sourceTokens.flatMap(({ start, end }) => range(start, end)));
    expect(range(0, source.length).filter((place) => !covered.has(place))).toEqual([4, 26]);
    expect((await observe(source, { target: translated.text })).pairs[0]!.source).toHaveLength(
      sourceTokens.length,
    );
  });

  it('has tokens that lead back to a label, none of which is the mark of its key', async () => {
    const source = '  Open &File %s …';
    const own = await observe(source);
    const { text: target } = own.translated;
    expect(target).toMatch(/^ {2}(?=.*&).*%s/);
    const [{ sourceTokens, targetTokens }] = own.segments as [ObservedSegment];
    const slices = (of: string, tokens: readonly ObservedToken[]): string[] =>
      tokens.map(({ start, end }) => of.slice(start, end).replaceAll(' ', '▁').replace('&', ''));
    expect(slices(source, sourceTokens).join('')).toBe('Open▁File▁%s▁…');
    expect(slices(source, sourceTokens)).toContain('▁File');
    expect(slices(target, targetTokens).join('')).toBe(target.trim().replaceAll(' ', '▁').replace('&', ''));
    const forced = await observe(source, { target });
    expect(forced.pairs).toEqual(own.pairs);
    expect(slices(target, forced.segments[0]!.targetTokens)).toEqual(slices(target, targetTokens));
  });

  it('has pieces of any text, whatever the model says', async () => {
    const part = fc.constantFrom(
      ...[
        'Open',
        ' the',
        ' files',
        '.',
        ' ',
        '\n',
        '\r\n',
        ' %s',
        ' {0}',
        '<b>',
        '</b>',
        ' a_b',
        '\nSave &As...\n',
        '😀',
        '文',
        'ß',
      ],
    );
    const property = fc.asyncProperty(fc.array(part, { maxLength: 30 }), async (parts) => {
      const source = parts.join('');
      const { translated, segments } = await observe(source, {}, random);
      expect(translated).toEqual((await random.translate([source]))[0]);
      for (const { source: from, sourceTokens, target, targetTokens } of segments) {
        expectCovered(source, sourceTokens, from);
        for (const token of targetTokens) expect(token.end).toBeLessThanOrEqual(target.end);
      }
    });
    await fc.assert(property, { seed: 7, numRuns: 60 });
  });

  it('gives every token its probability, and what else might stand there, best first', async () => {
    const { segments } = await observe(text, { candidates: 20 });
    for (const { text: token, probability, candidates } of segments.flatMap((of) => of.targetTokens)) {
      expect(candidates).toHaveLength(20);
      const probabilities = candidates.map((candidate) => candidate.probability);
      expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
      expect(probabilities.at(-1)).toBeGreaterThanOrEqual(0);
      expect(probabilities.reduce((sum, value) => sum + value)).toBeLessThanOrEqual(1 + 1e-5);
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThanOrEqual(probabilities[0]!);
      const own = candidates.find((candidate) => candidate.text === token);
      if (own !== undefined) expect(own.probability).toBeCloseTo(probability, 6);
    }
    // Decoding is greedy: where no rule acted, the likeliest was said.
    const said = segments[1]!.targetTokens;
    expect(said.map((token) => token.candidates[0]!.text)).toEqual(said.map((token) => token.text));
    expect((await observe(text)).segments[0]!.targetTokens[0]!.candidates).toEqual([]);
  });

  it('has rows of attention that sum to 1, of all layers and heads', async () => {
    const { segments, attention } = await observe(text);
    segments.forEach(({ sourceTokens, targetTokens }, index) => {
      const [from, to] = [sourceTokens.length, targetTokens.length];
      const { encoder, decoder, cross } = attention[index]!;
      const sizes = ({ layers, heads, queries, keys }: AttentionMap) => [layers, heads, queries, keys];
      expect(sizes(encoder)).toEqual([3, 4, from, from]);
      expect(sizes(decoder)).toEqual([3, 4, to, to]);
      expect(sizes(cross)).toEqual([3, 4, to, from]);
      for (const map of [encoder, decoder, cross])
        for (const sum of rowSums(map)) expect(sum).toBeCloseTo(1, 5);
      // What is said later is not seen.
      expect(decoder.weights[1]).toBe(0);
    });
  });

  // 8 bits round what they compute with: where sums differ in the last bit, a step may be another one.
  it.each([
    ['its parent', parent, 1e-5],
    ['itself, in 8 bits', shipped, 0.05],
  ])('has the cross attention of decoding step by step: %s', async (_, folder, most) => {
    const observer = await Translator.load(folder, 1);
    const { pairs, attention } = await observe(text, {}, observer);
    await observer.dispose();
    const { config, weights } = await readMixedModel(folder);
    const decoder = await Decoder.create(config.transformer, weights, 1);
    for (const [index, { source, target }] of pairs.entries()) {
      const state = await decoder.begin([source]);
      const { layers, heads, queries, keys, weights: all } = attention[index]!.cross;
      for (const query of target.keys()) {
        const token = target[query - 1] ?? config.transformer.decoderStartToken;
        const { crossAttention } = await state.step([token], [0]);
        for (let layer = 0; layer < layers * heads; layer++) {
          for (let key = 0; key < keys; key++) {
            const step = crossAttention.data[layer * crossAttention.dims[4] + key]!;
            expect(Math.abs(all[(layer * queries + query) * keys + key]! - step)).toBeLessThan(most);
          }
        }
      }
    }
    await decoder.dispose();
  });

  it('has the same attention when it is asked for again', async () => {
    const { pairs, attention } = await observe(text);
    expect(await translator.attention(pairs[0]!)).toEqual(attention[0]);
  });

  it('has alternatives, best first, no two alike, with the spans of the text', async () => {
    const { segments } = await observe(text, { alternatives: 6 });
    const { alternatives } = segments[0]!;
    expect(alternatives.length).toBeGreaterThan(2);
    expect(alternatives.length).toBeLessThanOrEqual(6);
    expect(new Set(alternatives.map((alternative) => alternative.text)).size).toBe(alternatives.length);
    const scores = alternatives.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    for (const alternative of alternatives) expect(alternative.text).toContain('`a.txt`');
    const wide = await Translator.load(shipped, 1, undefined, { beamSize: 6, lengthPenalty: 0.6 });
    const [expected] = await wide.translateNBest(['Open the file `a.txt` with %s.'], 6);
    await wide.dispose();
    expect(alternatives.map((alternative) => alternative.text)).toEqual(expected!.map((of) => of.text));
  });

  it('leaves what is too uncertain, as a translation does, and its tokens have no place', async () => {
    const minimumConfidence = 1;
    const { translated, segments } = await observe(text, { minimumConfidence });
    expect(translated).toEqual((await translator.translate([text], { minimumConfidence }))[0]);
    const [{ target, targetTokens }] = segments as [ObservedSegment];
    expect(new Set(targetTokens.flatMap(({ start, end }) => [start, end]))).toEqual(new Set([target.end]));
  });

  it('keeps what it is told to keep, in both directions of decoding', async () => {
    const source = 'Open the bag of words.';
    const keep = ['bag of words'];
    const own = await observe(source, { keep });
    const [translated] = await translator.translate([source], { keep: [keep] });
    expect(own.translated).toEqual(translated);
    expect(own.segments[0]!.sourceTokens.map((token) => token.text)).toContain('bag of words');
    const forced = await observe(source, { keep, target: own.translated.text });
    expect(forced.pairs).toEqual(own.pairs);
    expect((await observe(source)).pairs).not.toEqual(own.pairs);
  });

  it('of a text without words has no segments', async () => {
    expect(await observe(' %s\n')).toMatchObject({ segments: [], pairs: [], attention: [] });
  });

  it('hears a cancellation between segments', async () => {
    const controller = new AbortController();
    const observing = observe(`${text} `.repeat(20), {
      signal: controller.signal,
      onAttention: () => controller.abort(),
    });
    await expect(observing).rejects.toMatchObject({ name: 'AbortError' });
    await expect(observe(text, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('forced decoding', () => {
  it('of what the model says has the same tokens, probabilities and attention', async () => {
    const own = await observe(text, { candidates: 2 });
    const forced = await observe(text, { target: own.translated.text, candidates: 2 });
    expect(forced.pairs).toEqual(own.pairs);
    expect(forced.segments.map(({ confidence }) => confidence)).toEqual([undefined, undefined, undefined]);
    expect(forced.segments).toEqual(own.segments.map(({ confidence: _, ...segment }) => segment));
    forced.attention.forEach(({ cross }, index) => {
      const { weights } = own.attention[index]!.cross;
      expect(Math.max(...cross.weights.map((weight, place) => Math.abs(weight - weights[place]!)))).toBe(0);
    });
  });

  it('of a text in capitals reads names as the model said them', async () => {
    const source = 'CONVERT PDF TO HTML';
    const own = await observe(source);
    expect(own.translated.text).toMatch(/PDF.*HTML/);
    expect((await observe(source, { target: own.translated.text })).pairs).toEqual(own.pairs);
  });

  it('of another translation has its pieces, and gives a worse one less', async () => {
    const source = 'Open the file %s.';
    const probability = async (target: string): Promise<number> => {
      const { translated, segments } = await observe(source, { target });
      expect(translated.text).toBe(target);
      const [segment, ...others] = segments;
      expect(others).toEqual([]);
      expectCovered(target, segment!.targetTokens, segment!.target);
      return segment!.targetTokens.reduce((sum, token) => sum + Math.log(token.probability), 0);
    };
    const good = await probability('Öffnen Sie die Datei %s.');
    expect(await probability('Der Hund schläft %s %d 😀.')).toBeLessThan(good - 10);
  });

  it('pairs sentence by sentence, and the wholes where there are more of one', async () => {
    const source = 'Open the file. Then close it.';
    const ranges = async (target: string) =>
      (await observe(source, { target })).segments.map((segment) => [
        source.slice(segment.source.start, segment.source.end),
        target.slice(segment.target.start, segment.target.end),
      ]);
    expect(await ranges('Öffnen Sie die Datei. Dann schließen Sie sie.')).toEqual([
      ['Open the file.', 'Öffnen Sie die Datei.'],
      ['Then close it.', 'Dann schließen Sie sie.'],
    ]);
    expect(await ranges(' Datei öffnen und wieder schließen.\n')).toEqual([
      [source, 'Datei öffnen und wieder schließen.'],
    ]);
    expect(await ranges('Datei öffnen.\nJetzt.\nZumachen.')).toEqual([
      [source, 'Datei öffnen.\nJetzt.\nZumachen.'],
    ]);
    expect(await ranges('')).toEqual([[source, '']]);
  });

  it('says why where the two do not go together', async () => {
    const long = 'Open the file and close it. '.repeat(30);
    const failure = await observe(long, { target: 'Kurz.' }).catch((error: unknown) => error);
    expect(failure).toEqual(
      new UserError(
        'The text has 30 sentences or parts and the translation 1, too much to be looked at as one. ' +
          'Give a translation sentence by sentence.',
      ),
    );
    await expect(observe('%s', { target: 'Wort' })).rejects.toThrow('The text has no words to translate.');
  });
});

describe('one layer of attention', () => {
  const map = { layers: 2, heads: 1, queries: 1, keys: 2, weights: Float32Array.of(0.25, 0.75, 0.75, 0.25) };

  it('is an array of its own, and the mean is that of each head', () => {
    expect([...layerOf(map, 1)]).toEqual([0.75, 0.25]);
    expect(layerOf(map, 1).buffer.byteLength).toBe(8);
    expect([...layerOf(map, 'mean')]).toEqual([0.5, 0.5]);
  });
});

describe('a model that has changed since it was loaded', () => {
  it('is said so, and is looked at again once it is back', async () => {
    const folder = await makeModelFolder(inFolder('changing'));
    const loaded = await Translator.load(folder, 1);
    await makeModelFolder(folder, 'F32', randomModel(8));
    await expect(loaded.observe('a house')).rejects.toThrow(
      new UserError(`The model in ${folder} has changed since it was loaded. Restart the engine.`),
    );
    await makeModelFolder(folder);
    await expect(loaded.observe('a house')).resolves.toBeDefined();
    await loaded.dispose();
  });
});
