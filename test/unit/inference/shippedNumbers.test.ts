/**
 * The shipped models say numbers and names in capitals as they stand: a model alone loses its count in digits that repeat
 * each other.
 */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Translator } from '../../../models/inference/translator';
import { lostNumbers } from '../../../models/text/numbers';

const pretrained = path.resolve(import.meta.dirname, '../../../models/pretrained');
const numbers = ['1111', '11111', '22222', '3333', '31313', '9999', '100000', '8080', '65536', '4294967296'];

describe.each([
  ['en-de', (n: string) => `${n}: The file number ${n} was saved on the server before it was closed.`],
  ['zh-en', (n: string) => `第${n}号文件在关闭之前已保存到服务器。`],
])('%s', (name, sentence) => {
  let translator: Translator;
  beforeAll(async () => {
    translator = await Translator.load(path.join(pretrained, name), 1);
  });
  afterAll(() => translator.dispose());

  it('loses no number', async () => {
    const sources = numbers.map(sentence);
    const translated = await translator.translate(sources);
    expect(
      translated.map(({ text }, index) => lostNumbers(sources[index]!, text, name.slice(-2))).flat(),
    ).toEqual([]);
    // They were translated, and not left.
    expect(translated.map(({ text, truncated }) => truncated || sources.includes(text))).not.toContain(true);
    const [alone] = await translator.translate([sources[1]!]);
    expect(alone!.text).toBe(translated[1]!.text);
  });
});

it.each(['en-de', 'en-zh'])(
  '%s writes words of digits and letters, and values, as they are',
  async (name) => {
    const held = ['#ff8800', '4c01db0b339c', '1_000_000', '0b1010', '2023-11-05T08:15:30Z', 'eth0'];
    const translator = await Translator.load(path.join(pretrained, name), 1);
    const translated = await translator.translate(held.map((word) => `The value is ${word} by default.`));
    await translator.dispose();
    translated.forEach(({ text }, index) => expect(text).toContain(held[index]));
  },
);

it('en-de comes to its end where it has left a placeholder out', async () => {
  const translator = await Translator.load(path.join(pretrained, 'en-de'), 1);
  const source = 'This ioctl(2) call works only on file descriptors connected to /dev/tty.';
  const [translated] = await translator.translate([source]);
  await translator.dispose();
  expect(translated!.text).toContain('ioctl(2)');
  expect(translated!.text.length).toBeLessThan(1.5 * source.length);
});

it('en-zh tells where arguments change places', async () => {
  const translator = await Translator.load(path.join(pretrained, 'en-zh'), 1);
  const translated = await translator.translate(['Found {} in {}.', 'Open {} now.']);
  await translator.dispose();
  expect(translated.map(({ segments }) => segments[0]!.argumentsMoved)).toEqual([true, undefined]);
});

it('en-de writes a name in capitals as it is', async () => {
  const translator = await Translator.load(path.join(pretrained, 'en-de'), 1);
  const [translated] = await translator.translate(['The SIGTTIN signal was sent to the process.']);
  await translator.dispose();
  expect(translated!.text).toContain(' SIGTTIN ');
});
