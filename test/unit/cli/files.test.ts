/** The commands that read and write files: evaluate, train, export. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readMixedModel, readModel } from '../../../models/storage/modelFolder';
import { writeCheckpoint } from '../../../models/training/checkpoints';
import { randomModel } from '../inference/modelFolder';
import { commandLine, expectRefusal } from './commandLine';

const { inHouse, pipe, run } = commandLine();

describe('evaluate', () => {
  interface Case {
    name: string;
    hypotheses: string[];
    references: string[][];
    bleu: number;
    bleuSignature: string;
    chrf2: number;
    chrf2Signature: string;
  }

  it.each([
    ['de 13a', []],
    ['de lower-cased', ['--lowercase']],
    ['de char', ['--tokenize', 'char']],
    ['de two references', []],
  ])('prints what sacreBLEU says: %s', async (name, options) => {
    const file = new URL('../../fixtures/sacrebleu.json', import.meta.url);
    const { cases } = JSON.parse(await readFile(file, 'utf8')) as { cases: Case[] };
    const expected = cases.find((candidate) => candidate.name === name)!;
    const write = async (fileName: string, lines: string[]): Promise<string> => {
      await writeFile(inHouse(fileName), lines.map((line) => `${line}\n`).join(''));
      return fileName;
    };
    const hypothesis = await write('hypothesis', expected.hypotheses);
    const references = await Promise.all(
      expected.references.map((lines, index) => write(`r${index}`, lines)),
    );
    const ended = await run('evaluate', '--hypothesis', hypothesis, '--reference', ...references, ...options);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      bleu: { score: Number(expected.bleu.toFixed(4)), signature: expected.bleuSignature },
      chrf: { score: expect.any(Number) as number },
      lines: expected.hypotheses.length,
    });
  });
});

describe('export', () => {
  it('writes the mean of the last checkpoints as float16, and leaves other files alone', async () => {
    const models = [randomModel(1), randomModel(2), randomModel(3)] as const;
    for (const [index, model] of models.entries()) {
      const progress = { step: index + 1, epoch: 0, batch: 0, targetTokens: 0, seconds: 0 };
      const moments = { first: model.weights, second: model.weights };
      await writeCheckpoint(inHouse('run'), { model, moments, progress }, 3);
    }
    const ended = await run(
      'export',
      '--run',
      'run',
      '--output',
      'model',
      '--average',
      '2',
      '--name',
      'Mean',
    );
    expect(ended).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('2 checkpoints of run') as string,
    });
    const { config, vocabulary, weights } = await readModel(inHouse('model'));
    expect(config).toEqual({ ...models[0].config, name: 'Mean' });
    expect(vocabulary.toJson()).toBe(models[0].vocabulary.toJson());
    for (const [name, values] of weights) {
      const [second, third] = [models[1].weights.get(name)!, models[2].weights.get(name)!];
      const mean = second.map((value, index) => (value + third[index]!) / 2);
      const worst = Math.max(
        ...values.map((value, index) => Math.abs(value - mean[index]!) - Math.abs(mean[index]!) * 2 ** -11),
      );
      expect(worst, name).toBeLessThan(1e-6);
    }

    await writeFile(inHouse('model', 'README.md'), 'A card.');
    await run('export', '--run', 'run', '--output', 'model');
    expect(await readFile(inHouse('model', 'README.md'), 'utf8')).toBe('A card.');
    expect((await readModel(inHouse('model'))).config).toEqual(models[2].config);
    expect((await readdir(inHouse('model'))).sort()).toEqual([
      'README.md',
      'config.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
    expect(await pipe('a house\n%s\n', 'translate', '--model', 'model')).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('refuses to average more than there is, and a place where no folder can be', async () => {
    expectRefusal(
      await run('export', '--run', 'run', '--output', 'o', '--average', '9'),
      'run has 3 checkpoints, not 9',
    );
    await writeFile(inHouse('file'), '');
    expectRefusal(
      await run('export', '--run', 'run', '--output', 'file/o'),
      /^The system refuses: .*file\/o/,
    );
  });

  it('makes a model smaller that translates, and is not exported again', async () => {
    const made = await run('export', '--model', 'model', '--output', 'small', '--weights', 'int8');
    expect(made).toMatchObject({ code: 0, stderr: 'small: model, int8.\n' });
    expect((await readMixedModel(inHouse('small'))).config).toEqual({
      ...(await readModel(inHouse('model'))).config,
      weights: 'int8',
    });
    const translated = await pipe('a house\n%s\n', 'translate', '--model', 'small');
    expect(translated).toMatchObject({ code: 0, stderr: '' });
    expect(translated.stdout).toContain('%s');
    expectRefusal(
      await run('export', '--model', 'small', '--output', 'o'),
      'small holds weights in 8 bits: they translate, and a training may begin with them (--initial-model), but they',
    );
  });

  it.each([
    [[], 'Give --run, the folder of a training, or --model, that of a model.'],
    [['--model', 'model', '--run', 'run'], '--model is one model:'],
    [['--model', 'model', '--best'], '--model is one model:'],
    [['--run', 'run', '--weights', 'int4'], /int4.*float16, int8/],
    [['--run', 'run', '--format', 'onnx', '--weights', 'float16'], 'ONNX is written with float32 weights'],
  ])('refuses %j', async (options, sentence) => {
    expectRefusal(await run('export', '--output', 'o', ...options), sentence);
  });
});

describe('train', () => {
  const small = [
    '--preset',
    'tiny',
    '--vocabulary-size',
    '320',
    '--held-out',
    '5',
    '--batch-tokens',
    '200',
    '--threads',
    '1',
  ];
  const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
  const corpus = numbers
    .flatMap((a) => numbers.map((b) => `Take ${a} and ${b}.\tNimm ${b} und ${a}.\n`))
    .join('');

  it('trains in legs what translate then translates', async () => {
    await writeFile(inHouse('numbers.en-de.tsv'), corpus);
    const first = await run(
      'train',
      '--corpus',
      'numbers.en-de.tsv',
      '--output',
      'trained',
      '--steps',
      '2',
      ...small,
    );
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toContain('49 lines read, 49 pairs kept');
    expect(first.stderr).toMatch(/step 2: trained.checkpoint-00000002 /);
    expectRefusal(
      await run('train', '--corpus', 'numbers.en-de.tsv', '--output', 'trained', ...small),
      'trained holds a training run already: go on with --resume',
    );
    const second = await run('train', '--output', 'trained', '--resume', '--steps', '3', '--threads', '1');
    expect(second).toMatchObject({ code: 0, stdout: '' });
    expect(second.stderr).toContain('Going on after step 2 ');
    expect(second.stderr).toMatch(/step 3: trained.checkpoint-00000003 /);
    const { config } = await readModel(inHouse('trained', 'checkpoint-00000003'));
    expect(config).toMatchObject({ from: 'en', to: 'de' });
    const translated = await pipe(
      'Take one.\n',
      'translate',
      '--model',
      'trained',
      '--from',
      'en',
      '--to',
      'de',
    );
    expect(translated).toMatchObject({ code: 0, stderr: '' });
    expect(translated.stdout).toMatch(/^[^\n]*\n$/);
  });

  it('reads the languages off two files’ names', async () => {
    const sides = corpus
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    await writeFile(inHouse('pairs.de'), sides.map(([source]) => `${source!}\n`).join(''));
    await writeFile(inHouse('pairs.en'), sides.map(([, target]) => `${target!}\n`).join(''));
    const { code } = await run(
      'train',
      '--corpus',
      'pairs.de,pairs.en',
      '--output',
      'reverse',
      '--steps',
      '1',
      ...small,
    );
    expect(code).toBe(0);
    const settings = JSON.parse(await readFile(inHouse('reverse', 'run.json'), 'utf8')) as object;
    expect(settings).toMatchObject({ from: 'de', to: 'en' });
  });

  it('says what a corpus lacks', async () => {
    await writeFile(inHouse('few.tsv'), 'one\teins\n');
    const { code, stderr } = await run('train', '--corpus', 'few.tsv', '--output', 'few');
    expect(code).toBe(2);
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      /^The corpus has one pair, and some must be held out to validate on/,
    );
  });
});
