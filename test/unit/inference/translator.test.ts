/** Texts through a whole model folder: its weights are random, so that what comes back has only to be well-formed. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Decoder } from '../../../models/inference/decoder';
import { logProbabilitiesOf } from '../../../models/inference/decoderOutput';
import { Translator } from '../../../models/inference/translator';
import { readModel, type Model } from '../../../models/storage/modelFolder';
import { findProtectedSpans } from '../../../models/text/protectedSpans';
import { temporaryFolder } from '../temporaryFolder';
import { makeModelFolder, randomModel } from './modelFolder';

const fixedSeed = 20_240_613;

const inFolder = temporaryFolder('translator');
let translator: Translator;
beforeAll(async () => {
  await makeModelFolder(inFolder('single'), 'F32');
  await makeModelFolder(inFolder('half'), 'F16');
  translator = await Translator.load(inFolder('single'), 1);
});
afterAll(() => translator.dispose());

const translate = async (...texts: string[]): Promise<string[]> =>
  (await translator.translate(texts)).map(({ text }) => text);

/** A text that takes a second or more. */
const longText = Array.from({ length: 400 }, (_, index) => `Sentence ${index} of many opens {0}.`).join('\n');

describe('a translation', () => {
  const span = fc.constantFrom(
    ...[
      '%s',
      '%1$d',
      '%(name)s',
      '{0}',
      '{name}',
      '${HOME}/x',
      '<b>',
      '</b>',
      '<br/>',
      '&amp;',
      '--all',
      '`a  b`',
    ],
    ...[
      'https://example.org/a?b=c',
      'me@example.org',
      '/usr/bin/env',
      'a_b',
      'fileName',
      'foo()',
      '1.2.3',
      '<a\n href="x y">',
    ],
  );
  const word = fc.constantFrom('Open', 'the', 'file', 'Datei', 'öffnen', '打开', '12', '👍', '.', ', ', '!');
  const gap = fc.constantFrom(' ', ' ', ' ', '\n', '\r\n', '\t', '');
  const text = fc
    .array(fc.tuple(fc.oneof(word, word, span), gap), { maxLength: 60, size: 'max' })
    .map((parts) => parts.flat().join(''));

  it('holds every protected span of its text byte for byte, and as many lines', async () => {
    let spans = 0;
    const random = fc.sample(text, { seed: fixedSeed, numRuns: 300 });
    const results = await translate(...random);
    random.forEach((source, index) => {
      const target = results[index]!;
      const wanted = spansOf(source);
      for (const span of new Set(wanted)) {
        const count = wanted.filter((other) => other === span).length;
        expect(target.split(span).length - 1, `${span} in ${target}`).toBeGreaterThanOrEqual(count);
      }
      spans += wanted.length;
      expect(lineBreaks(target)).toEqual(lineBreaks(source));
    });
    expect(spans).toBeGreaterThan(2000);
  });

  const spansOf = (source: string): string[] =>
    findProtectedSpans(source).map(({ start, end }) => source.slice(start, end));
  const lineBreaks = (of: string): string[] => of.match(/\r\n|[\n\r\u2028\u2029]/gu) ?? [];

  it('keeps white space around its sentences, and what has no words', async () => {
    const [spaced, empty, blank, wordless] = await translate('  Open. \t', '', ' \n\t ', '%s: {0} — …');
    expect(spaced).toMatch(/^ {2}\S(.*\S)? \t$/su);
    expect([empty, blank, wordless]).toEqual(['', ' \n\t ', '%s: {0} — …']);
  });

  it('of what has no words has score 0 and no marks', async () => {
    expect(await translator.translate(['%s'])).toEqual([
      { text: '%s', segments: [], score: 0, masked: false, truncated: false },
    ]);
  });

  const sentences = Array.from({ length: 100 }, (_, index) => `${'House '.repeat(1 + (index % 4))}${index}.`);

  it('of a sentence has no white space around it, though the model says some', async () => {
    const model = randomModel(7, ' ');
    const spaced = await Translator.load(await makeModelFolder(inFolder('spaced'), 'F32', model), 1);
    const translated = await spaced.translate(sentences);
    await spaced.dispose();
    expect(translated.filter(({ text }) => text !== text.trim())).toEqual([]);
    expect(translated.filter(({ text }) => text.includes(' ')).length).toBeGreaterThan(20);
  });

  it('has the mean score of its sentences’ tokens, and the marks of any', async () => {
    const apart = await translator.translate(sentences);
    for (const mark of ['masked', 'truncated'] as const) {
      const marked = apart.findIndex((result) => result[mark]);
      const unmarked = apart.findIndex((result) => !result[mark]);
      const pair = `${sentences[unmarked]!} ${sentences[marked]!} ${sentences[unmarked]!}`;
      const [together] = await translator.translate([pair]);
      expect(together!.text).toBe([unmarked, marked, unmarked].map((index) => apart[index]!.text).join(' '));
      expect(together![mark]).toBe(true);
      const scores = [apart[marked]!.score, apart[unmarked]!.score];
      expect(together!.score).toBeGreaterThan(Math.min(...scores));
      expect(together!.score).toBeLessThan(Math.max(...scores));
    }
  });

  it('is the same for texts together as for each alone', async () => {
    const texts = [
      'Open the file.',
      'A line.\nAnother %s line.',
      '',
      'Close {0} now, please, and all of the rest too!',
    ];
    const together = await translator.translate(texts);
    for (const [index, text] of texts.entries()) {
      const [alone] = await translator.translate([text]);
      expect({ ...together[index], score: 0 }).toEqual({ ...alone, score: 0 });
      expect(together[index]!.score).toBeCloseTo(alone!.score, 3);
    }
  });

  it('is not disturbed by another at the same time', async () => {
    const texts = ['Open the file.', longText.slice(0, 500), 'Close {0}.'];
    const apart = [];
    for (const text of texts) apart.push((await translate(text))[0]);
    const atOnce = await Promise.all(texts.map((text) => translate(text)));
    expect(atOnce.flat()).toEqual(apart);
  });

  it('of no texts is none', async () => {
    expect(await translator.translate([])).toEqual([]);
  });
});

describe('the best translations', () => {
  const settings = { beamSize: 4, lengthPenalty: 0.6 };
  const texts = ['Open the file. Close %s now!', '', ' \t%s\n', 'A line.\n Another %s line.', 'Word'];

  it('of a text are several, the first the one that is given alone, no two alike', async () => {
    const wide = await Translator.load(inFolder('single'), 1, undefined, settings);
    const lists = await wide.translateNBest(texts, 3);
    const alone = await wide.translate(texts);
    await wide.dispose();
    lists.forEach((list, index) => {
      const { penalisedScore, ...first } = list[0]!;
      expect(first).toEqual(alone[index]);
      expect(penalisedScore).toBeLessThanOrEqual(0);
      expect(new Set(list.map(({ text }) => text)).size).toBe(list.length);
      for (const { text } of list) expect(text.split('%s')).toHaveLength(texts[index]!.split('%s').length);
    });
    expect(lists.map(({ length }) => length)).toEqual([3, 1, 1, 3, 3]);
  });

  it('are those of the beam that was asked for', async () => {
    const narrow = await translator.translateNBest(texts, 1);
    expect(narrow.map(([first]) => first!.text)).toEqual(await translate(...texts));
    const wide = await Translator.load(inFolder('single'), 1, undefined, settings);
    const results = await wide.translateNBest(texts, 1);
    await wide.dispose();
    const scores = (of: typeof results): number[] => of.map(([first]) => first!.penalisedScore);
    expect(scores(results)).not.toEqual(scores(narrow));
  });
});

describe('progress', () => {
  it('counts segments, up to all of them', async () => {
    const seen: [number, number][] = [];
    const texts = Array.from({ length: 1000 }, (_, index) => `File ${index}.`);
    const results = await translator.translate(texts, {
      onProgress: (done, total) => seen.push([done, total]),
    });
    expect(results).toHaveLength(1000);
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.at(-1)).toEqual([1000, 1000]);
    const counts = seen.map(([done]) => done);
    expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
    expect(new Set(seen.map(([, total]) => total))).toEqual(new Set([1000]));
  });

  it('is none where there is nothing to translate', async () => {
    await translator.translate(['', '%s'], { onProgress: () => expect.unreachable() });
  });
});

describe('a cancellation', () => {
  it('is heard while the model works', async () => {
    const controller = new AbortController();
    const progress: number[] = [];
    const translating = translator.translate([longText], {
      signal: controller.signal,
      onProgress: (done) => progress.push(done),
    });
    setTimeout(() => controller.abort(), 0);
    await expect(translating).rejects.toMatchObject({ name: 'AbortError' });
    // Not only between batches.
    expect(progress).toEqual([]);
  });

  it('that came before is heard even where nothing is to be translated', async () => {
    await expect(translator.translate([''], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('weights as float16', () => {
  it('are the nearest to those as float32, and translate', async () => {
    const single = await readModel(inFolder('single'));
    const half = await readModel(inFolder('half'));
    for (const [name, values] of single.weights) {
      const rounded = half.weights.get(name)!;
      expect(rounded).toHaveLength(values.length);
      expect(
        values.every(
          (value, index) =>
            Math.abs(value - rounded[index]!) <= Math.max(2 ** -25, Math.abs(value) * 2 ** -11),
        ),
      ).toBe(true);
    }
    const [exact, near] = [await firstStep(single), await firstStep(half)];
    const difference = Math.max(...exact.map((value, index) => Math.abs(value - near[index]!)));
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(0.05);
  });

  async function firstStep({ config, weights, vocabulary }: Model): Promise<Float32Array> {
    const decoder = await Decoder.create(config.transformer, weights, 1);
    const state = await decoder.begin([vocabulary.encodeIds('Open the file.')]);
    const output = await state.step([config.transformer.decoderStartToken], [0]);
    await decoder.dispose();
    return logProbabilitiesOf(output, config.transformer.vocabularySize);
  }
});

describe('a model that says nothing', () => {
  it('leaves the text as it is', async () => {
    const silent = randomModel(7, 'a');
    silent.weights.get('output.bias')![silent.config.transformer.endToken]! += 1e4;
    const loaded = await Translator.load(await makeModelFolder(inFolder('silent'), 'F32', silent), 1);
    const texts = ['Open the file. Then close it.', '  Word\r\n', ''];
    expect((await loaded.translate(texts)).map(({ text }) => text)).toEqual(texts);
    await loaded.dispose();
  });
});
