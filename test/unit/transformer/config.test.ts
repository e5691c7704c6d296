/** Sizes of the paper, presets, and what is said about configurations that cannot be. */
import { describe, expect, it } from 'vitest';
import {
  presetConfig,
  presets,
  validateChanges,
  validateConfig,
  type PresetName,
} from '../../../models/transformer/config';
import { parameterCount, parameterShapes } from '../../../models/transformer/model';
import { elementCount } from '../../../models/transformer/parameters';
import { UserError } from '../../../models/userError';

describe('sizes (Table 3)', () => {
  it.each([
    ['base', 63_082_496, 65e6],
    ['big', 214_245_376, 213e6],
  ] as const)('%s has %i parameters over a vocabulary of 37,000', (preset, count, published) => {
    const config = presetConfig(preset, 37_000);
    expect(parameterCount(config)).toBe(count);
    expect(Math.abs(count / published - 1)).toBeLessThan(0.035);
  });

  it('are the paper’s, post-norm with ReLU and interleaved sinusoids', () => {
    const paper = {
      normalisation: 'post',
      activation: 'relu',
      positions: 'interleaved',
      scaleEmbeddings: true,
    };
    const layers = { encoderLayers: 6, decoderLayers: 6, dKey: 64, dValue: 64 };
    expect(presetConfig('base', 37_000)).toMatchObject({
      ...paper,
      ...layers,
      dModel: 512,
      heads: 8,
      dFf: 2048,
    });
    expect(presetConfig('big', 37_000)).toMatchObject({
      ...paper,
      ...layers,
      dModel: 1024,
      heads: 16,
      dFf: 4096,
    });
    expect(presets.small).toMatchObject({
      dModel: 256,
      heads: 4,
      dFf: 1024,
      encoderLayers: 3,
      decoderLayers: 3,
    });
  });

  it('closes pre-norm stacks with two more normalisations, and adds a bias where one is asked for', () => {
    const post = presetConfig('tiny', 100, { normalisation: 'post' });
    const more = (changes: object): number => parameterCount({ ...post, ...changes }) - parameterCount(post);
    expect(more({ normalisation: 'pre' })).toBe(2 * 2 * 64);
    expect(more({ outputBias: true })).toBe(100);
  });

  it('names each parameter once', () => {
    const shapes = parameterShapes(presetConfig('tiny', 100, { outputBias: true, encoderLayers: 1 }));
    expect(new Set(shapes.map(({ name }) => name)).size).toBe(shapes.length);
    expect(shapes.filter(({ name }) => name.startsWith('embedding'))).toEqual([
      { name: 'embedding.weight', shape: [100, 64], initialiser: 'embedding' },
    ]);
    expect(shapes.filter(({ name }) => name.startsWith('encoder.layers.1.'))).toEqual([]);
    expect(shapes.filter(({ name }) => name.startsWith('decoder.layers.1.'))).not.toEqual([]);
    for (const { name, shape, initialiser } of shapes) {
      expect(elementCount(shape), name).toBeGreaterThan(0);
      const wanted = name.endsWith('.bias')
        ? 'zeros'
        : name.includes('orm.weight')
          ? 'ones'
          : /^(matrix|embedding)$/;
      expect(initialiser, name).toMatch(wanted);
    }
  });
});

describe('presets', () => {
  it.each(Object.keys(presets) as PresetName[])(
    '%s is valid as it stands and keeps what it is given',
    (preset) => {
      const config = presetConfig(preset, 8000, { decoderLayers: 1, activation: 'gelu' });
      expect(config).toMatchObject({ vocabularySize: 8000, decoderLayers: 1, activation: 'gelu' });
      expect(config.dKey * config.heads).toBe(config.dModel);
      expect(validateConfig(JSON.parse(JSON.stringify(config)), 'a copy')).toEqual(config);
    },
  );

  it('names itself when what it was given does not fit', () => {
    expect(() => presetConfig('tiny', 100, { heads: 7 })).toThrow(
      new UserError(
        'The preset “tiny”: “dKey” must be a whole number from 1 to 4096, not 9.142857142857142.',
      ),
    );
  });
});

describe('validateConfig', () => {
  const good = presetConfig('small', 8000);
  const hostile: [keyof typeof good, unknown, string][] = [
    ['vocabularySize', undefined, '“vocabularySize” must be a whole number from 1 to 1000000, not missing.'],
    ['vocabularySize', 0, '“vocabularySize” must be a whole number from 1 to 1000000, not 0.'],
    ['vocabularySize', 1e9, '“vocabularySize” must be a whole number from 1 to 1000000, not 1000000000.'],
    ['dModel', -256, '“dModel” must be a whole number from 1 to 16384, not -256.'],
    ['dModel', '256', '“dModel” must be a whole number from 1 to 16384, not "256".'],
    ['dModel', 255, '“dModel” must be even (sines and cosines share it), not 255.'],
    ['heads', 2.5, '“heads” must be a whole number from 1 to 256, not 2.5.'],
    ['heads', NaN, '“heads” must be a whole number from 1 to 256, not null.'],
    ['dKey', null, '“dKey” must be a whole number from 1 to 4096, not null.'],
    ['dValue', [64], '“dValue” must be a whole number from 1 to 4096, not [64].'],
    ['dFf', 1e6, '“dFf” must be a whole number from 1 to 65536, not 1000000.'],
    ['encoderLayers', true, '“encoderLayers” must be a whole number from 1 to 100, not true.'],
    ['decoderLayers', 101, '“decoderLayers” must be a whole number from 1 to 100, not 101.'],
    ['normalisation', 'batch', '“normalisation” must be one of post, pre, not "batch".'],
    ['activation', 'toString', '“activation” must be one of relu, gelu, swish, not "toString".'],
    ['positions', {}, '“positions” must be one of interleaved, halves, learned, not {}.'],
    ['scaleEmbeddings', 1, '“scaleEmbeddings” must be true or false, not 1.'],
    ['outputBias', 'false', '“outputBias” must be true or false, not "false".'],
    ['paddingToken', 8000, '“paddingToken” must be a token of the vocabulary, not 8000.'],
    ['endToken', -1, '“endToken” must be a token of the vocabulary, not -1.'],
    ['decoderStartToken', 0.5, '“decoderStartToken” must be a token of the vocabulary, not 0.5.'],
    ['normEpsilon', 0, '“normEpsilon” must be between 0 and 1, not 0.'],
    ['normEpsilon', NaN, '“normEpsilon” must be between 0 and 1, not null.'],
    ['normEpsilon', '1e-5', '“normEpsilon” must be between 0 and 1, not "1e-5".'],
  ];
  it.each(hostile)('%s: %j', (key, value, sentence) => {
    expect(() => validateConfig({ ...good, [key]: value }, 'config.json')).toThrow(
      new UserError(`config.json: ${sentence}`),
    );
  });

  it('says which of the keys is missing', () => {
    for (const key of Object.keys(good)) {
      const rest = Object.fromEntries(Object.entries(good).filter(([other]) => other !== key));
      expect(() => validateConfig(rest, 'config.json')).toThrow(`“${key}”`);
      expect(() => validateConfig(rest, 'config.json')).toThrow('not missing.');
    }
  });

  it.each([null, undefined, 7, 'small'])('refuses %j', (value) => {
    expect(() => validateConfig(value, 'config.json')).toThrow(
      new UserError('config.json holds no model configuration.'),
    );
  });

  it('asks how many positions there are where they are learned, and only there', () => {
    const learned = { ...good, positions: 'learned' };
    const whole = '“maximumPositions” must be a whole number from 1 to 65536';
    for (const [value, said] of [
      [undefined, 'missing'],
      [0, '0'],
      [65_537, '65537'],
      ['9', '"9"'],
    ] as const) {
      expect(() => validateConfig({ ...learned, maximumPositions: value }, 'config.json')).toThrow(
        new UserError(`config.json: ${whole}, not ${said}.`),
      );
    }
    expect(validateConfig({ ...learned, maximumPositions: 9 }, 'config.json')).toEqual({
      ...learned,
      maximumPositions: 9,
    });
    expect(() => validateConfig({ ...good, maximumPositions: 9 }, 'config.json')).toThrow(
      'config.json: “maximumPositions” must be left out unless “positions” is learned',
    );
    // What was written before there were any is still valid, and is written as it was.
    expect(Object.keys(validateConfig(good, 'config.json'))).not.toContain('maximumPositions');
    expect(presetConfig('tiny', 100, { positions: 'learned' }).maximumPositions).toBe(256);
  });

  it('drops what it does not know', () => {
    expect(validateConfig({ ...good, more: 1 }, 'config.json')).toEqual(good);
  });
});

describe('validateChanges', () => {
  it('takes changes as they are', () => {
    const changes = { heads: 2, dKey: 16, positions: 'learned', maximumPositions: 50 };
    expect(validateChanges(changes, 'tiny', 'model.json')).toEqual(changes);
    expect(validateChanges({}, 'base', 'model.json')).toEqual({});
  });

  it.each<[unknown, string]>([
    [null, 'holds no changes to a model: it must be a JSON object, such as {"heads": 1}.'],
    [[1], 'holds no changes to a model: it must be a JSON object, such as {"heads": 1}.'],
    [{ heads: '4' }, '“heads” must be a whole number from 1 to 256, not "4".'],
    [{ dFf: 0 }, '“dFf” must be a whole number from 1 to 65536, not 0.'],
    [
      { head: 4 },
      '“head” cannot be changed there; what can is dModel, heads, dKey, dValue, dFf, encoderLayers',
    ],
    [{ vocabularySize: 100 }, '“vocabularySize” cannot be changed there'],
    [{ endToken: 5 }, '“endToken” cannot be changed there'],
    [{ heads: 7 }, '“dKey” must be a whole number from 1 to 4096, not 9.142857142857142.'],
    [{ maximumPositions: 5 }, '“maximumPositions” must be left out unless “positions” is learned'],
  ])('refuses %j', (changes, sentence) => {
    const check = (): unknown => validateChanges(changes, 'tiny', 'model.json');
    expect(check).toThrow(UserError);
    expect(check).toThrow('model.json');
    expect(check).toThrow(sentence);
  });
});
