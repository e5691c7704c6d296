import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readMixedModel, readModel, readModelConfig, writeModel } from '../../../models/storage/modelFolder';
import { dequantise, type MatrixParameter } from '../../../models/storage/quantisation';
import {
  encodeSafetensors,
  readMixedSafetensors,
  readSafetensors,
} from '../../../models/storage/safetensors';
import { initialWeights } from '../../../models/training/initialise';
import { presetConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';
import { UserError } from '../../../models/userError';
import { temporaryFolder } from '../temporaryFolder';
import { tinyModel } from '../tinyModel';

const inFolder = temporaryFolder('model');
const model = tinyModel();
let sound: string;

beforeAll(async () => {
  sound = inFolder('sound');
  await mkdir(sound);
  await writeModel(sound, model, 'F32');
});

describe('a model folder', () => {
  it('reads back as it was written', async () => {
    const back = await readModel(sound);
    expect(back.config).toEqual(model.config);
    expect(back.weights).toEqual(model.weights);
    expect(back.vocabulary.toJson()).toBe(model.vocabulary.toJson());
    expect(await readModelConfig(sound)).toEqual(model.config);
  });

  it('halves its weights as float16, and loses no more than their rounding', async () => {
    const folder = inFolder('halves');
    await mkdir(folder);
    await writeModel(folder, model, 'F16');
    const back = await readModel(folder);
    for (const [name, values] of model.weights) {
      const halves = back.weights.get(name)!;
      values.forEach((value, index) => {
        expect(Math.abs(halves[index]! - value)).toBeLessThanOrEqual(
          Math.max(Math.abs(value) * 2 ** -11, 2 ** -25),
        );
      });
    }
  });

  it('is written beside other files, which stay', async () => {
    const folder = inFolder('shipped');
    await mkdir(folder);
    await writeFile(path.join(folder, 'README.md'), 'about');
    await writeModel(folder, model, 'F32');
    await writeModel(folder, tinyModel(2), 'F32');
    expect((await readdir(folder)).sort()).toEqual([
      'README.md',
      'config.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
    expect((await readModel(folder)).weights).toEqual(tinyModel(2).weights);
  });
});

describe('a model folder in 8 bits', () => {
  let folder: string;
  beforeAll(async () => {
    folder = inFolder('quantised');
    await mkdir(folder);
    await writeModel(folder, model, 'int8');
  });

  it('reads back within half a step of each block, its vectors as float16', async () => {
    const { config, vocabulary, weights } = await readMixedModel(folder);
    expect(config).toEqual({ ...model.config, weights: 'int8' });
    expect(await readModelConfig(folder)).toEqual(config);
    expect(vocabulary.toJson()).toBe(model.vocabulary.toJson());
    const parameters = parameterShapes(config.transformer);
    expect([...weights.keys()]).toEqual(parameters.map(({ name }) => name));
    for (const parameter of parameters) {
      const [values, weight] = [model.weights.get(parameter.name)!, weights.get(parameter.name)!];
      expect(weight instanceof Float32Array, parameter.name).toBe(parameter.shape.length === 1);
      const isVector = weight instanceof Float32Array;
      const back = isVector ? weight : dequantise(weight, parameter as MatrixParameter);
      const step = isVector ? 2 ** -11 : Math.max(...weight.scales);
      values.forEach((value, index) =>
        expect(Math.abs(back[index]! - value)).toBeLessThanOrEqual(0.51 * step),
      );
    }
  });

  it('takes a byte a number and two a block', async () => {
    const large = presetConfig('tiny', model.vocabulary.size);
    const weights = initialWeights(parameterShapes(large), 1);
    const there = inFolder('sized');
    await mkdir(there);
    await writeModel(there, { ...model, config: { ...model.config, transformer: large }, weights }, 'int8');
    const bytes = (await readFile(path.join(there, 'model.safetensors'))).length;
    const numbers = [...weights.values()].reduce((sum, { length }) => sum + length, 0);
    // Names, shapes and vectors count for something in so small a model.
    expect(bytes / numbers).toBeLessThan(1.15);
  });

  it('says that it is none to go on with, and what is', async () => {
    await expect(readModel(folder)).rejects.toThrow(
      `${folder} holds weights in 8 bits: they translate, and a training may begin with them (--initial-model), but they ` +
        'are neither trained themselves nor exported again. Take the model that it was exported from, with float16 weights; ' +
        'those of the models that ship are in models/parents of Polyhead’s repository.',
    );
  });

  it('is written anew as numbers, and says so', async () => {
    const both = inFolder('both');
    await cp(folder, both, { recursive: true });
    await writeModel(both, model, 'F32');
    expect((await readModel(both)).weights).toEqual(model.weights);
    expect(await readModelConfig(both)).toEqual(model.config);
  });

  const query = 'encoder.layers.0.selfAttention.query.weight';
  const tensorCases: [name: string, change: (tensors: MixedTensors) => unknown, sentence: string][] = [
    [
      'no scales',
      (tensors) => tensors.delete(`${query}.scales`),
      `has no weight “${query}.scales”, which config.json asks for.`,
    ],
    [
      'scales of another shape',
      (tensors) => tensors.set(`${query}.scales`, { shape: [1, 8], values: new Float32Array(8) }),
      `: “${query}.scales” has shape [1, 8], where config.json asks for [8, 1].`,
    ],
    [
      'scales that are no numbers',
      (tensors) => tensors.set(`${query}.scales`, { shape: [8, 1], values: new Float32Array(8).fill(NaN) }),
      `: “${query}.scales” holds numbers that are not finite.`,
    ],
    [
      'scales that are bytes',
      (tensors) => tensors.set(`${query}.scales`, { shape: [8, 1], bytes: new Uint8Array(8) }),
      `: “${query}.scales” holds bytes, where config.json asks for numbers.`,
    ],
    [
      'a matrix of numbers',
      (tensors) => tensors.set(query, { shape: [8, 1, 32], values: new Float32Array(256) }),
      `: “${query}” holds numbers, where config.json asks for bytes.`,
    ],
    [
      'a matrix without blocks',
      (tensors) => tensors.set(query, { shape: [8, 32], bytes: new Uint8Array(256) }),
      `: “${query}” has shape [8, 32], where config.json asks for [8, 1, 32].`,
    ],
    [
      'scales for a vector',
      (tensors) => tensors.set('encoder.norm.bias.scales', { shape: [1], values: new Float32Array(1) }),
      'holds “encoder.norm.bias.scales”, which the model of config.json does not have.',
    ],
  ];
  it.each(tensorCases)('is refused with %s', async (_name, change, sentence) => {
    const changed = inFolder('changed-quantised');
    await cp(folder, changed, { recursive: true });
    const file = path.join(changed, 'model.safetensors');
    const tensors = await readMixedSafetensors(file, () => undefined);
    change(tensors);
    await writeFile(file, Buffer.concat(encodeSafetensors(tensors, 'F32')));
    await expect(readMixedModel(changed)).rejects.toThrow(UserError);
    await expect(readMixedModel(changed)).rejects.toThrow(sentence);
  });
});

type MixedTensors = Awaited<ReturnType<typeof readMixedSafetensors>>;
type Config = Record<string, unknown> & { transformer: Record<string, unknown> };

/** The sentence that a changed copy of the sound model is refused with. */
async function refusal(change: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = inFolder('changed');
  await cp(sound, folder, { recursive: true });
  try {
    await change(folder);
    await readModel(folder);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message.replaceAll(folder + path.sep, '');
  } finally {
    await rm(folder, { recursive: true });
  }
  return 'accepted';
}

const changeConfig = (change: (config: Config) => unknown) => async (folder: string) => {
  const file = path.join(folder, 'config.json');
  const config = JSON.parse(await readFile(file, 'utf8')) as Config;
  change(config);
  await writeFile(file, JSON.stringify(config));
};

const replaceFile = (name: string, content: string) => (folder: string) =>
  writeFile(path.join(folder, name), content);

const removeFile = (name: string) => (folder: string) => rm(path.join(folder, name));

type Weights = Awaited<ReturnType<typeof readSafetensors>>;

const changeWeights = (change: (weights: Weights) => unknown) => async (folder: string) => {
  const file = path.join(folder, 'model.safetensors');
  const weights = await readSafetensors(file);
  change(weights);
  await writeFile(file, Buffer.concat(encodeSafetensors(weights, 'F32')));
};

describe('a model folder that does not fit together', () => {
  it('is accepted only unchanged', async () => {
    expect(await refusal(() => Promise.resolve())).toBe('accepted');
  });

  const bias = 'encoder.norm.bias';
  const cases: [name: string, change: (folder: string) => Promise<unknown>, sentence: string | RegExp][] = [
    ['no config.json', removeFile('config.json'), /^config\.json cannot be read: ENOENT/],
    ['a config.json that is no JSON', replaceFile('config.json', '{'), /^config\.json is no sound JSON: /],
    [
      'null',
      replaceFile('config.json', 'null'),
      'config.json has format version missing; this Polyhead reads versions 1 to 2.',
    ],
    [
      'a number',
      replaceFile('config.json', '3'),
      'config.json has format version missing; this Polyhead reads versions 1 to 2.',
    ],
    [
      'a newer version',
      changeConfig((config) => (config['formatVersion'] = 3)),
      'config.json has format version 3, which a newer Polyhead has written; this one reads versions up to 2. Update Polyhead.',
    ],
    [
      'an older version than there has ever been',
      changeConfig((config) => (config['formatVersion'] = 0)),
      'config.json has format version 0; this Polyhead reads versions 1 to 2.',
    ],
    [
      'the version of other weights, and not which',
      changeConfig((config) => (config['formatVersion'] = 2)),
      'config.json: “weights” must be "int8" in format version 2, not missing.',
    ],
    [
      'other weights than it says',
      changeConfig((config) => Object.assign(config, { formatVersion: 2, weights: 'int8' })),
      /^model\.safetensors: “\S+\.weight” holds numbers, where config\.json asks for bytes\.$/,
    ],
    [
      'a version that cannot be made a text',
      changeConfig((config) => (config['formatVersion'] = { toString: 1 })),
      'config.json has format version {"toString":1}; this Polyhead reads versions 1 to 2.',
    ],
    [
      'no name',
      changeConfig((config) => delete config['name']),
      'config.json: “name” must be a short text on one line, without characters that cannot be seen.',
    ],
    [
      'a very long name',
      changeConfig((config) => (config['name'] = 'x'.repeat(101))),
      'config.json: “name” must be a short text on one line, without characters that cannot be seen.',
    ],
    ...['two\nlines', 'a\u0000', 'model \u202egnp.exe', 'half \ud83d', ' ', '\ufeff'].map(
      (name): [string, (folder: string) => Promise<unknown>, string] => [
        `the name ${JSON.stringify(name)}`,
        changeConfig((config) => (config['name'] = name)),
        'config.json: “name” must be a short text on one line, without characters that cannot be seen.',
      ],
    ),
    [
      'a language that is none',
      changeConfig((config) => (config['to'] = '../de')),
      'config.json: “to” must be a language tag, such as en or pt-BR.',
    ],
    [
      'no sizes',
      changeConfig((config) => delete (config as Record<string, unknown>)['transformer']),
      'config.json holds no model configuration.',
    ],
    [
      'a size out of range',
      changeConfig(({ transformer }) => (transformer['heads'] = 0)),
      'config.json: “heads” must be a whole number from 1 to 256, not 0.',
    ],
    [
      'a size of endless depth',
      async (folder) => {
        const text = await readFile(path.join(folder, 'config.json'), 'utf8');
        const deep = '['.repeat(100_000) + ']'.repeat(100_000);
        await writeFile(path.join(folder, 'config.json'), text.replace('"heads": 2', `"heads": ${deep}`));
      },
      /^config\.json has 2004\d\d bytes, and at most 65536 are read\.$/,
    ],
    [
      'a size twice',
      async (folder) => {
        const text = await readFile(path.join(folder, 'config.json'), 'utf8');
        await writeFile(
          path.join(folder, 'config.json'),
          text.replace('"heads": 2', '"heads": 2, "heads": 4'),
        );
      },
      'config.json is no sound JSON: it holds “heads” twice.',
    ],
    [
      'a config.json that is no UTF-8',
      async (folder) => writeFile(path.join(folder, 'config.json'), Buffer.of(0x22, 0xff, 0x22)),
      'config.json cannot be read: it is not UTF-8.',
    ],
    [
      'more bytes of weights than its sizes ask for',
      async (folder) => truncate(path.join(folder, 'model.safetensors'), 2 ** 40),
      /^model\.safetensors has 1099511627776 bytes, and at most \d{8} are read\.$/,
    ],
    ['no tokenizer.json', removeFile('tokenizer.json'), /^tokenizer\.json cannot be read: ENOENT/],
    [
      'another vocabulary',
      replaceFile('tokenizer.json', '{}'),
      /^tokenizer\.json is not a vocabulary of this program/,
    ],
    [
      'a vocabulary of another size',
      changeConfig(({ transformer }) => (transformer['vocabularySize'] = 400)),
      `tokenizer.json has ${model.vocabulary.size} tokens, where config.json says 400.`,
    ],
    ['no weights', removeFile('model.safetensors'), /^model\.safetensors cannot be read: ENOENT/],
    [
      'damaged weights',
      replaceFile('model.safetensors', 'x'),
      /^model\.safetensors is no safetensors file, or a damaged one/,
    ],
    [
      'a missing weight',
      changeWeights((weights) => weights.delete(bias)),
      `model.safetensors has no weight “${bias}”, which config.json asks for.`,
    ],
    [
      'one weight more',
      changeWeights((weights) => weights.set('more', { shape: [1], values: Float32Array.of(1) })),
      'model.safetensors holds “more”, which the model of config.json does not have.',
    ],
    [
      'a weight of another shape',
      changeWeights((weights) => weights.set(bias, { shape: [4, 2], values: new Float32Array(8) })),
      `model.safetensors: “${bias}” has shape [4, 2], where config.json asks for [8].`,
    ],
    [
      'weights that are no numbers',
      changeWeights((weights) => weights.get(bias)!.values.fill(NaN)),
      `model.safetensors: “${bias}” holds numbers that are not finite.`,
    ],
    [
      'more layers than weights',
      changeConfig(({ transformer }) => (transformer['decoderLayers'] = 2)),
      /^model\.safetensors has no weight “decoder\.layers\.1\..*”, which config\.json asks for\.$/,
    ],
  ];
  it.each(cases)('is refused with %s', async (_name, change, sentence) => {
    expect(await refusal(change)).toMatch(sentence);
  });
});
