/** What every command has: help, and refusals that a person understands. */
import { mkdir, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandLine, expectRefusal } from './commandLine';

const { run, inHouse } = commandLine();

describe('help', () => {
  it('lists the commands', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of ['translate', 'train', 'evaluate', 'export', 'calibrate', 'devices'])
      expect(stdout).toContain(`\n  ${command} `);
  });

  it.each([
    ['translate', ['--from', '--to', '--model', '--device', 'U+FFFD']],
    ['train', ['--corpus', '.txt', '.xlf', '--resume', '--peak-learning-rate', '(default: 8000;']],
    ['evaluate', ['--hypothesis', '--reference', '"13a"']],
    ['export', ['--run', '--output', '--average']],
    ['calibrate', ['--model', '--corpus', '--report', '--json']],
    ['devices', ['--json', 'Markdown']],
  ])('of %s names its options', async (command, named) => {
    const { code, stdout, stderr } = await run(command, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const text of [`polyhead ${command} `, ...named]) expect(stdout).toContain(text);
  });

  it('comes on standard error where no command is given', async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: polyhead /);
  });
});

describe('refused in one sentence', () => {
  beforeAll(async () => {
    await writeFile(inHouse('two.txt'), 'eins\nzwei\n');
    await writeFile(inHouse('three.txt'), 'one\ntwo\nthree\n');
    await writeFile(inHouse('latin.txt'), Buffer.from('eins\nüber\n', 'latin1'));
    await writeFile(inHouse('pairs.tsv'), 'one\teins\ntwo\tzwei\n');
    await mkdir(inHouse('empty'));
  });

  it.each<[name: string, sentence: string | RegExp, ...parameters: string[]]>([
    ['an unknown command', /^Unknown command 'translat' .*polyhead --help/, 'translat'],
    [
      'an unknown option',
      "Unknown option '--form' (Did you mean --from?); polyhead translate --help says more.",
      ...['translate', '--form', 'en'],
    ],
    [
      'an argument too many',
      /^Too many arguments for 'translate': expected 0 .*got 1/,
      'translate',
      'file.txt',
    ],
    ['an option without its value', /^Option '--from <language>' argument missing/, 'translate', '--from'],
    [
      'a number that is none',
      /'many' is invalid: it must be a whole number from 0 to 256;/,
      'translate',
      '--threads',
      'many',
    ],
    [
      'a choice that is none',
      /'huge' is invalid: allowed choices are tiny, small/,
      'train',
      '--output',
      'o',
      '--preset',
      'huge',
    ],
    ['translate without a pair', '(shipped: --from en --to de), or --model', 'translate', '--from', 'en'],
    [
      'a pair without a model',
      'translates en → fr. Choose a pair that has one: en → de',
      'translate',
      '--from',
      'en',
      '--to',
      'fr',
    ],
    ['a model that is not there', 'model folder missing does not exist', 'translate', '--model', 'missing'],
    ['a folder that is no model', 'empty is no model folder', 'translate', '--model', 'empty'],
    [
      'a model of another pair',
      'en-de translates en → de: --from and --to can be left out',
      ...['translate', '--model', 'models/pretrained/en-de', '--from', 'de', '--to', 'en'],
    ],
    ['evaluate without files', /^Required option '--hypothesis <files...>' not specified/, 'evaluate'],
    [
      'a file that is not there',
      'missing.txt does not exist',
      'evaluate',
      '--hypothesis',
      'missing.txt',
      '--reference',
      'two.txt',
    ],
    [
      'files of unequal length',
      'two.txt has 2 lines, but three.txt has 3 lines',
      ...['evaluate', '--hypothesis', 'two.txt', '--reference', 'three.txt'],
    ],
    [
      'a file that is not UTF-8',
      'latin.txt:2: the line is not UTF-8',
      'evaluate',
      '--hypothesis',
      'latin.txt',
      '--reference',
      'two.txt',
    ],
    ['train without a corpus', 'train needs --corpus', 'train', '--output', 'run'],
    [
      'a corpus that is not there',
      'The corpus missing.tsv does not exist',
      'train',
      '--output',
      'run',
      '--corpus',
      'missing.tsv',
    ],
    [
      'a corpus of files of unequal length',
      'two.txt has 2 lines, but three.txt has 3',
      'train',
      '--output',
      'run',
      '--corpus',
      'two.txt,three.txt',
    ],
    [
      'a language that is none',
      /'english language' is invalid: it must be a language tag/,
      'train',
      '--output',
      'run',
      '--from',
      'english language',
    ],
    [
      'a rate above 0.9',
      /'2' is invalid: it must be a number from 0 to 0\.9;/,
      'train',
      '--output',
      'run',
      '--dropout',
      '2',
    ],
    [
      'a cooldown without an end',
      'give --steps too',
      'train',
      '--output',
      'run',
      '--corpus',
      'pairs.tsv',
      '--cooldown-steps',
      '5',
    ],
    [
      'R-Drop where nothing is dropped',
      'choose a dropout above 0, or no R-Drop',
      'train',
      '--output',
      'run',
      '--corpus',
      'pairs.tsv',
      '--r-drop',
      '5',
      '--dropout',
      '0',
    ],
    [
      'a setting beside --resume',
      '--seed belongs to the run',
      'train',
      '--output',
      'run',
      '--resume',
      '--seed',
      '2',
    ],
    ['--resume without a run', 'empty holds no training run', 'train', '--output', 'empty', '--resume'],
    ['export without a run', 'empty holds no checkpoints', 'export', '--run', 'empty', '--output', 'o'],
    [
      'an average of nothing',
      /'0' is invalid: it must be a whole number from 1 to 1000/,
      'export',
      '--run',
      'empty',
      '--output',
      'o',
      '--average',
      '0',
    ],
  ])('%s', async (_, sentence, ...parameters) => {
    expectRefusal(await run(...parameters), sentence);
  });
});
