/** `polyhead translate`: a line for each line, whatever comes in and whoever reads. */
import { once } from 'node:events';
import { cp, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { Translator } from '../../../models/inference/translator';
import { commandLine, expectRefusal, untilEnd } from './commandLine';

const { inHouse, pipe, run, start } = commandLine();
const pair = ['translate', '--from', 'en', '--to', 'de', '--threads', '1'];

/** Lines without words come back as they are: what is not the model's doing shows. */
describe('a line comes for each line', () => {
  it.each([
    ['no line', '', ''],
    ['an empty line', '\n', '\n'],
    ['empty lines between others', '%s\n\n\n{0}\n', '%s\n\n\n{0}\n'],
    ['a last line without its end', '%s\n{0}', '%s\n{0}\n'],
    ['CRLF', '%s\r\n\r\n{0}\r\n', '%s\r\n\r\n{0}\r\n'],
    ['line ends of other worlds inside', '%s\u2028{0}\r…\n{1}\n', '%s\u2028{0}\r…\n{1}\n'],
    ['a byte order mark', '\ufeff%s\n', '%s\n'],
    ['white space', ' \t\n  %s  \n', ' \t\n  %s  \n'],
    ['a line of a million characters', `${'%s '.repeat(333_333)}\n`, `${'%s '.repeat(333_333)}\n`],
  ])('%s', async (_, input, output) => {
    expect(await pipe(input, ...pair)).toEqual({ code: 0, stdout: output, stderr: '' });
  });

  it('bytes that are not UTF-8', async () => {
    const input = Buffer.from([0xff, 0x0a, 0xe2, 0x80, 0x0a, 0x25, 0x73, 0x0a]);
    expect(await pipe(input, ...pair)).toEqual({ code: 0, stdout: '\ufffd\n\ufffd\n%s\n', stderr: '' });
  });

  it('a model’s words, more lines than are translated at once', async () => {
    const lines = Array.from({ length: 300 }, (_, index) =>
      index % 7 === 0 ? '' : `House ${index} has {0}.`,
    );
    const { code, stdout, stderr } = await pipe(lines.join('\n'), ...pair);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const translator = await Translator.load(inHouse('models', 'pretrained', 'en-de'), 1);
    const expected = await translator.translate(lines);
    await translator.dispose();
    expect(stdout).toBe(expected.map(({ text }) => `${text}\n`).join(''));
  });
});

describe('a person who types', () => {
  it('has each line translated before the next', async () => {
    const child = start(...pair);
    const answer = async (): Promise<string> => String(((await once(child.stdout, 'data')) as [Buffer])[0]);
    for (const line of ['%s\n', '\n', '{0} …\n']) {
      child.stdin.write(line);
      expect(await answer()).toBe(line);
    }
    // A character in two pieces.
    child.stdin.write(Buffer.from('…').subarray(0, 1));
    setTimeout(() => child.stdin.end(Buffer.from('…\n').subarray(1)), 50);
    expect(await untilEnd(child)).toEqual({ code: 0, stdout: '…\n', stderr: '' });
  });

  it.skipIf(process.platform === 'win32')('ends it with Ctrl+C, at once and without a word', async () => {
    const child = start(...pair);
    child.stdin.write('%s\n');
    await once(child.stdout, 'data');
    child.stdin.write('One house and two houses. '.repeat(20_000) + '\n');
    setTimeout(() => child.kill('SIGINT'), 300);
    expect(await untilEnd(child)).toEqual({ code: 'SIGINT', stdout: '', stderr: '' });
  });
});

describe('what reads the translation', () => {
  it('may stop early', async () => {
    const child = start(...pair);
    child.stdin.on('error', () => undefined);
    child.stdin.write('%s\n');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stdin.end('{0}\n'.repeat(100_000));
    expect(await untilEnd(child)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it.skipIf(process.platform !== 'linux')('may be a disk that is full', async () => {
    const full = await open('/dev/full', 'w');
    const bundle = inHouse('dist', 'cli.js');
    const child = spawn(process.execPath, [bundle, ...pair], { stdio: ['pipe', full.fd, 'pipe'] });
    child.stdin!.end('%s\n');
    const [stderr] = (await once(child.stderr!, 'data')) as [Buffer];
    const [code] = (await once(child, 'close')) as [number];
    await full.close();
    expect(String(stderr)).toBe('The system refuses: ENOSPC: no space left on device, write.\n');
    expect(code).toBe(2);
  });
});

describe('--model', () => {
  it('names a model of one’s own', async () => {
    await cp(inHouse('models', 'pretrained', 'en-de'), inHouse('mine'), { recursive: true });
    const [own, shipped] = [
      await pipe('a house', 'translate', '--model', 'mine'),
      await pipe('a house', ...pair),
    ];
    expect(own).toEqual(shipped);
    expect(await pipe('%s', 'translate', '--model', 'mine', '--to', 'de')).toMatchObject({
      code: 0,
      stdout: '%s\n',
    });
  });

  it.each<[name: string, sentence: string, damage: (folder: string) => Promise<void>]>([
    [
      'config.json',
      'config.json is no sound JSON',
      (folder) => writeFile(`${folder}/config.json`, '{\n  name\n}'),
    ],
    [
      'its format',
      'has format version 9',
      (folder) => replace(`${folder}/config.json`, '"formatVersion": 1', '"formatVersion": 9'),
    ],
    [
      'its language',
      '“from” must be a language tag',
      (folder) => replace(`${folder}/config.json`, '"en"', '"x"'),
    ],
    ['its sizes', 'has shape [', (folder) => replace(`${folder}/config.json`, '"dFf": 24', '"dFf": 18')],
    [
      'tokenizer.json',
      'tokenizer.json is not a vocabulary',
      (folder) => writeFile(`${folder}/tokenizer.json`, '{}'),
    ],
    ['model.safetensors', 'model.safetensors', (folder) => truncate(`${folder}/model.safetensors`, 5000)],
  ])('with a broken %s is refused in one sentence', async (name, sentence, damage) => {
    const folder = inHouse(`broken-${name}`);
    await cp(inHouse('models', 'pretrained', 'en-de'), folder, { recursive: true });
    await damage(folder);
    expectRefusal(await run('translate', '--model', folder), sentence);
  });

  async function replace(file: string, from: string, to: string): Promise<void> {
    const text = await readFile(file, 'utf8');
    expect(text).toContain(from);
    await writeFile(file, text.replace(from, to));
  }
});

describe('--beam-size', () => {
  it('widens the beam, and --length-penalty says what it favours', async () => {
    const lines = ['a house', 'One house and {0}.', 'Open the file, please!'];
    const translator = await Translator.load(inHouse('models', 'pretrained', 'en-de'), 1, undefined, {
      ...{ beamSize: 3, lengthPenalty: 2 },
    });
    const expected = await translator.translate(lines);
    await translator.dispose();
    const { stdout } = await pipe(lines.join('\n'), ...pair, '--beam-size', '3', '--length-penalty', '2');
    expect(stdout).toBe(expected.map(({ text }) => `${text}\n`).join(''));
    const others = [['--beam-size', '3', '--length-penalty', '0'], ['--beam-size', '1'], []];
    const [penalised, greedy, plain] = await Promise.all(
      others.map(async (options) => (await pipe(lines.join('\n'), ...pair, ...options)).stdout),
    );
    expect(stdout).not.toBe(penalised);
    expect(stdout).not.toBe(greedy);
    expect(plain).toBe(greedy);
  });

  it('is at least 1', async () => {
    expectRefusal(await run(...pair, '--beam-size', '0'), 'it must be a whole number from 1 to 64');
    expectRefusal(await run(...pair, '--length-penalty', '-1'), 'it must be a number from 0 to 10');
  });
});

describe('--n-best', () => {
  it('prints the line’s number, a score and a translation, best first', async () => {
    // More lines than are translated at once.
    const lines = ['a house', '%s\t{0}', ...Array.from({ length: 255 }, () => ''), 'Open {0}. Close it.'];
    const options = ['--beam-size', '4', '--n-best', '3'];
    const { code, stdout, stderr } = await pipe(lines.join('\n'), ...pair, ...options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows = stdout.split('\n').map((row) => /^(\d+)\t(-?\d+\.\d{4})\t(.*)$/su.exec(row)?.slice(1));
    expect(rows.pop()).toBeUndefined();
    expect(rows.map((row) => row?.[0])).toEqual([
      ...['1', '1', '1'],
      ...Array.from({ length: 256 }, (_, index) => `${index + 2}`),
      ...['258', '258', '258'],
    ]);
    expect(rows[3]).toEqual(['2', '0.0000', '%s\t{0}']);
    const [best] = (await pipe('a house', ...pair, '--beam-size', '4')).stdout.split('\n');
    expect(rows[0]![2]).toBe(best);
    expect(new Set(rows.slice(0, 3).map((row) => row![2])).size).toBe(3);
    for (const row of rows.slice(-3)) expect(row![2]).toContain('{0}');
  });

  it.each([
    [['--n-best', '2'], 'needs --beam-size 2 or more'],
    [['--n-best', '2', '--beam-size', '2', '--minimum-confidence', '0.5'], 'leave one out'],
  ])('%j is refused', async (options, sentence) => {
    expectRefusal(await run(...pair, ...options), sentence);
  });
});

describe('--statistics', () => {
  it('counts the lines and the share where a mask had to act', async () => {
    const { code, stdout, stderr } = await pipe('%s\na house\n', ...pair, '--statistics');
    expect({ code, lines: stdout.split('\n').length - 1 }).toEqual({ code: 0, lines: 2 });
    const statistics = JSON.parse(stderr) as Record<string, number>;
    expect(statistics).toMatchObject({ lines: 2, seconds: expect.any(Number) as number });
    expect([0, 0.5]).toContain(statistics['maskedShare']);
    expect([0, 0.5]).toContain(statistics['truncatedShare']);
  });
});
