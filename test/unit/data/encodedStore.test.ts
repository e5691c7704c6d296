import { appendFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { EncodedStore, isIntact, StoreWriter, type PartHeader } from '../../../models/data/encodedStore';
import { randomWords } from '../../../models/data/random';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('store');

const words = randomWords(8);
/** Longer than a buffer of writing altogether; no side is empty. */
const pairs = Array.from({ length: 30_000 }, () => {
  const tokens = (): number[] => Array.from({ length: 1 + (words() % 40) }, () => words() % 60_000);
  return { source: tokens(), target: tokens() };
});

async function store(name: string, vocabularySize: number): Promise<PartHeader> {
  await mkdir(inFolder(name));
  const writer = new StoreWriter(inFolder(name), 'training', vocabularySize);
  for (const pair of pairs) writer.append(pair);
  return writer.close();
}

describe('an encoded store', () => {
  it.each([
    [60_000, 2],
    [0x10000, 2],
    [0x10001, 4],
  ])('for %i tokens gives back its pairs in any order, at %i bytes a token', async (size, bytesPerToken) => {
    const folder = `size ${size}`;
    const header = await store(folder, size);
    const sum = (side: 'source' | 'target'): number =>
      pairs.reduce((total, pair) => total + pair[side].length, 0);
    expect(header).toMatchObject({
      pairs: pairs.length,
      sourceTokens: sum('source'),
      targetTokens: sum('target'),
      bytesPerToken,
    });
    const opened = EncodedStore.open(inFolder(folder), 'training', header);
    expect(opened.size).toBe(pairs.length);
    const order = [29_999, 0, 17, 17, ...Array.from({ length: 5000 }, () => words() % pairs.length)];
    const read = opened.read(order);
    order.forEach((number, index) => {
      const { source, target } = pairs[number]!;
      if (read.source(index).join() !== source.join() || read.target(index).join() !== target.join())
        expect.fail(`pair ${number}`);
      expect([opened.sourceLength(number), opened.targetLength(number)]).toEqual([
        source.length,
        target.length,
      ]);
    });
    opened.close();
    expect((await readFile(inFolder(folder, 'training.tokens'))).length).toBe(
      bytesPerToken * (sum('source') + sum('target')),
    );
  });

  it('keeps ids beyond 16 bits', async () => {
    await mkdir(inFolder('wide'));
    const writer = new StoreWriter(inFolder('wide'), 'training', 100_000);
    writer.append({ source: [99_999], target: [65_536, 3] });
    const opened = EncodedStore.open(inFolder('wide'), 'training', writer.close());
    expect([...opened.read([0]).source(0), ...opened.read([0]).target(0)]).toEqual([99_999, 65_536, 3]);
    opened.close();
  });

  it('notices that it is not what was written', async () => {
    const folder = inFolder('damaged');
    const header = await store('damaged', 60_000);
    const file = inFolder('damaged', 'training.tokens');
    const whole = await readFile(file);
    expect(await isIntact(folder, 'training', header)).toBe(true);
    const altered = Buffer.from(whole);
    altered[altered.length >> 1]! ^= 1;
    await writeFile(file, altered);
    expect(await isIntact(folder, 'training', header)).toBe(false);
    await writeFile(file, whole);
    expect(await isIntact(folder, 'training', header)).toBe(true);
    await truncate(file, whole.length - 2);
    expect(await isIntact(folder, 'training', header)).toBe(false);
    const opened = EncodedStore.open(folder, 'training', header);
    expect(() => opened.read([29_999])).toThrow('ends before its pair 29999');
    opened.close();
    await writeFile(file, whole);
    await appendFile(inFolder('damaged', 'training.lengths'), '1234');
    expect(await isIntact(folder, 'training', header)).toBe(false);
    expect(() => EncodedStore.open(folder, 'training', header)).toThrow('does not hold 30000 pairs');
    expect(await isIntact(inFolder('missing'), 'training', header)).toBe(false);
  });
});
