/** Where the segments of a translation stand, how confident they are, and which keep their source. */
import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { TranslatedSegment as SegmentAtTheDoor } from '../../../models/engine/protocol';
import type { Translated, TranslatedSegment } from '../../../models/inference/joinSegments';
import { Translator } from '../../../models/inference/translator';
import { writeCalibration, type Calibration } from '../../../models/storage/calibration';
import { temporaryFolder } from '../temporaryFolder';
import { always, byProbability } from './calibrations';
import { makeModelFolder, randomModel } from './modelFolder';

const fixedSeed = 20_261_129;
const inFolder = temporaryFolder('segments');
let translators: Record<'uncalibrated' | 'sure' | 'unsure' | 'calibrated', Translator>;

async function load(name: string, calibration?: Calibration, model = randomModel()): Promise<Translator> {
  const folder = await makeModelFolder(inFolder(name), 'F32', model);
  if (calibration) await writeCalibration(folder, calibration);
  return Translator.load(folder, 1, (sentence) => expect.unreachable(sentence));
}

beforeAll(async () => {
  translators = {
    uncalibrated: await load('uncalibrated'),
    sure: await load('sure', always(0.9)),
    unsure: await load('unsure', always(0.2)),
    calibrated: await load('calibrated', byProbability),
  };
});
afterAll(() => Promise.all(Object.values(translators).map((translator) => translator.dispose())));

const words = [
  'Open',
  'the',
  'file',
  'öffnen',
  '打开',
  '12',
  '👍',
  '\ud83d',
  '\udc4d',
  '\ufeff',
  '.',
  ', ',
  '! ',
];
const spans = ['%s', '{name}', '<b>', '&amp;', '`a  b`', 'https://example.org/a?b=c', '<a\n href="x y">'];
const gaps = [' ', ' ', ' ', '  ', '\n', '\r\n', '\r', '\u2028', '\t', ''];
const text = fc
  .array(fc.tuple(fc.constantFrom(...words, ...words, ...spans), fc.constantFrom(...gaps)), {
    maxLength: 40,
    size: 'max',
  })
  .map((parts) => parts.flat().join(''));
const texts = fc.sample(text, { seed: fixedSeed, numRuns: 150 });

const partsOf = ({ text: all, segments }: Translated): { between: string[]; within: string[] } => {
  const borders = [0, ...segments.flatMap(({ start, end }) => [start, end]), all.length];
  const pieces = borders.slice(1).map((end, index) => all.slice(borders[index], end));
  return {
    between: pieces.filter((_, index) => index % 2 === 0),
    within: pieces.filter((_, index) => index % 2 === 1),
  };
};

describe('the segments of a translation', () => {
  it('have the shape that the engine’s door asks for', () => {
    expectTypeOf<TranslatedSegment>().toExtend<SegmentAtTheDoor>();
    expectTypeOf<SegmentAtTheDoor>().toExtend<TranslatedSegment>();
    expectTypeOf<Required<TranslatedSegment>>().toEqualTypeOf<Readonly<Required<SegmentAtTheDoor>>>();
  });

  it('follow each other within the text; between them stands what stands between the source’s', async () => {
    const translated = await translators.uncalibrated.translate(texts);
    // With all of them left, the text is the source: the same segments, where they stand in the source.
    const left = await translators.unsure.translate(texts, { minimumConfidence: 0.5 });
    let count = 0;
    translated.forEach((result, index) => {
      let place = 0;
      for (const { start, end } of result.segments) {
        expect(start).toBeGreaterThanOrEqual(place);
        expect(end).toBeGreaterThan(start);
        place = end;
      }
      expect(place).toBeLessThanOrEqual(result.text.length);
      const [target, source] = [partsOf(result), partsOf(left[index]!)];
      expect(target.between).toEqual(source.between);
      for (const segment of target.within) expect(segment).toBe(segment.trim());
      count += result.segments.length;
    });
    expect(count).toBeGreaterThan(300);
  });

  it('have no confidence and are never left where the model is not calibrated', async () => {
    expect(translators.uncalibrated.isCalibrated).toBe(false);
    const translated = await translators.uncalibrated.translate(texts, { minimumConfidence: 1 });
    expect(translated).toEqual(await translators.uncalibrated.translate(texts));
    for (const { segments } of translated)
      for (const segment of segments) {
        expect(segment).not.toHaveProperty('confidence');
        expect(segment.left).toBe(false);
      }
  });
});

describe('segments below the least confidence asked for', () => {
  it('keep their source byte for byte: where all are, so does the text', async () => {
    const left = await translators.unsure.translate(texts, { minimumConfidence: 0.3 });
    left.forEach((result, index) => {
      expect(result.text).toBe(texts[index]);
      for (const { confidence, left: isLeft } of result.segments) {
        expect(isLeft).toBe(true);
        // Of some the model says nothing.
        expect([0, 0.2]).toContain(confidence);
      }
      expect(result).toMatchObject({ masked: false, truncated: false });
    });
  });

  it('are none below it, and none where nothing is asked for', async () => {
    const plain = await translators.uncalibrated.translate(texts);
    for (const [translator, minimumConfidence] of [
      [translators.sure, 0.9],
      [translators.unsure, 0.2],
      [translators.unsure, 0],
    ] as const) {
      const translated = await translator.translate(texts, { minimumConfidence });
      expect(translated.map((result) => result.text)).toEqual(plain.map((result) => result.text));
      const segments = translated.flatMap((result) => result.segments);
      expect(segments.some(({ left, confidence }) => left && confidence !== 0)).toBe(false);
    }
  });

  it('stand as they were among others that are translated', async () => {
    const all = await translators.calibrated.translate(texts);
    const confidences = all.flatMap(({ segments }) => segments.map(({ confidence }) => confidence!));
    const middle = confidences.sort((a, b) => a - b)[Math.floor(confidences.length / 2)]! + 1e-4;
    const some = await translators.calibrated.translate(texts, { minimumConfidence: middle });
    const none = await translators.unsure.translate(texts, { minimumConfidence: 1 });
    let mixed = 0;
    some.forEach((result, index) => {
      const [full, source] = [all[index]!, none[index]!];
      expect(result.segments.map(({ left }) => left)).toEqual(
        full.segments.map(({ confidence }) => confidence! < middle),
      );
      const expected = result.segments.map(({ left }, place) => partsOf(left ? source : full).within[place]);
      expect(partsOf(result).within).toEqual(expected);
      expect(partsOf(result).between).toEqual(partsOf(source).between);
      const kinds = new Set(result.segments.map(({ left }) => left));
      if (kinds.size === 2) mixed++;
    });
    expect(mixed).toBeGreaterThan(20);
  });
});

describe('the confidence of a segment', () => {
  it('is the same beside others as alone', async () => {
    const some = Array.from(
      { length: 40 },
      (_, index) => `${'House '.repeat(1 + (index % 9))}${'of '.repeat(index)}is %s.`,
    );
    const together = await translators.calibrated.translate(some);
    const seen = new Set<string>();
    for (const [index, one] of some.entries()) {
      const [alone] = await translators.calibrated.translate([one]);
      // Where two tokens are all but equally likely, either may be said.
      if (alone!.text !== together[index]!.text) continue;
      alone!.segments.forEach(({ confidence }, place) => {
        expect(together[index]!.segments[place]!.confidence).toBeCloseTo(confidence!, 4);
        seen.add(confidence!.toFixed(3));
      });
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  it('is 0 where the model says nothing', async () => {
    const silent = randomModel(7, 'a');
    silent.weights.get('output.bias')![silent.config.transformer.endToken]! += 1e4;
    const translator = await load('silent', always(0.9), silent);
    const [result] = await translator.translate(['Open the file.'], { minimumConfidence: 0.1 });
    await translator.dispose();
    expect(result).toMatchObject({
      text: 'Open the file.',
      segments: [{ start: 0, end: 14, confidence: 0, left: true }],
    });
  });
});

describe('a calibration that does not fit', () => {
  it('is told, and the model translates without it', async () => {
    const folder = await makeModelFolder(inFolder('torn'));
    await writeFile(inFolder('torn', 'confidence.json'), '{');
    const heard: string[] = [];
    const translator = await Translator.load(folder, 1, (sentence) => heard.push(sentence));
    expect(heard).toEqual([
      expect.stringMatching(/^Translations carry no confidence: .*confidence\.json is no sound JSON/),
    ]);
    expect(translator.isCalibrated).toBe(false);
    const plain = await translators.uncalibrated.translate(['Open the file.']);
    expect(await translator.translate(['Open the file.'])).toEqual(plain);
    await translator.dispose();
  });
});
