/** Spools and the split of what is in them. */
import fc from 'fast-check';
import { appendFile, mkdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { SentencePair } from '../../../models/data/readers/candidates';
import { readSpool, SpoolWriter } from '../../../models/data/spool';
import { heldOutOf, Split, spoolNames } from '../../../models/data/split';
import { UserError } from '../../../models/userError';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('split');

function spool(file: string, pairs: readonly SentencePair[]): void {
  const writer = new SpoolWriter(file);
  for (const pair of pairs) writer.append(pair);
  expect(writer.pairs).toBe(pairs.length);
  writer.close();
}

describe('a spool', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  const pairs = fc
    .sample(fc.record({ source: text, target: text }), { seed: 3, numRuns: 20_000 })
    // Longer than what is read at a time.
    .concat({ source: 'ü'.repeat(1_500_000), target: '\t\n' }, { source: '', target: '' });

  it('gives back any pairs', () => {
    spool(inFolder('any'), pairs);
    let index = 0;
    for (const { source, target } of readSpool(inFolder('any'))) {
      const expected = pairs[index++]!;
      if (source !== expected.source || target !== expected.target) expect.fail(`pair ${index}`);
    }
    expect(index).toBe(pairs.length);
  });

  it('says that it ends too early, and is not written over', async () => {
    spool(inFolder('cut'), [{ source: 'a', target: 'b' }]);
    await appendFile(inFolder('cut'), Buffer.from([9, 0, 0, 0, 9, 0, 0, 0, 1]));
    expect(() => [...readSpool(inFolder('cut'))]).toThrow('ends in the middle of a pair');
    expect(() => new SpoolWriter(inFolder('cut'))).toThrow('EEXIST');
  });
});

describe('the split', () => {
  const counts = { pairs: [40, 0, 60], validationPairs: 0 };
  const pairs = Array.from({ length: 100 }, (_, number) => ({
    // Every fifth source occurs twice, in both corpora.
    source: `source ${number % 5 === 0 ? number % 50 : number}`,
    target: `target ${number}`,
  }));
  const numbers = (from: Iterable<SentencePair>): number[] =>
    Array.from(from, ({ target }) => Number(target.slice(7)));

  it('holds pairs out, whose sources are not trained on either', async () => {
    await mkdir(inFolder('held'));
    spool(inFolder('held', spoolNames.training), pairs);
    const split = new Split(inFolder('held'), counts, { heldOut: 20, seed: 1 });
    const validation = numbers(split.validation());
    const training = [...split.training()];
    expect(validation).toHaveLength(20);
    expect(validation).toEqual(validation.toSorted((a, b) => a - b));
    const validationSources = new Set(validation.map((number) => pairs[number]!.source));
    const excluded = pairs.filter(
      ({ source }, number) => validationSources.has(source) && !validation.includes(number),
    );
    expect(excluded.length).toBeGreaterThan(0);
    expect(split.shared).toBe(excluded.length);
    expect(training).toHaveLength(80 - excluded.length);
    for (const { source } of training) expect(validationSources.has(source)).toBe(false);
    for (const { target, corpus } of training) expect(corpus).toBe(Number(target.slice(7)) < 40 ? 0 : 2);
    // The same again, other ones for another seed.
    expect(numbers(new Split(inFolder('held'), counts, { heldOut: 20, seed: 1 }).validation())).toEqual(
      validation,
    );
    expect(numbers(new Split(inFolder('held'), counts, { heldOut: 20, seed: 2 }).validation())).not.toEqual(
      validation,
    );
    expect([...split.training()]).toEqual(training);
    expect(split.shared).toBe(excluded.length);
  });

  it('takes the validation pairs that are given', async () => {
    await mkdir(inFolder('given'));
    spool(inFolder('given', spoolNames.training), pairs);
    spool(inFolder('given', spoolNames.validation), [{ source: 'source 5', target: 'target 200' }]);
    const split = new Split(inFolder('given'), { ...counts, validationPairs: 1 }, { heldOut: 90, seed: 1 });
    expect(numbers(split.validation())).toEqual([200]);
    expect(numbers(split.training())).toEqual(
      Array.from({ length: 100 }, (_, number) => number).filter((number) => number !== 5 && number !== 55),
    );
    expect(split.shared).toBe(2);
  });

  it('holds out a fifth at most, and refuses what leaves nothing to train on', () => {
    const make = (heldOut: number): Split => new Split(inFolder('held'), counts, { heldOut, seed: 1 });
    expect(numbers(make(51).validation())).toHaveLength(20);
    expect(numbers(make(7).validation())).toHaveLength(7);
    expect([heldOutOf(2, 500), heldOutOf(420, 500), heldOutOf(2500, 500), heldOutOf(1e6, 500)]).toEqual([
      1, 84, 500, 500,
    ]);
    const one = (): Split => new Split(inFolder('held'), { ...counts, pairs: [1] }, { heldOut: 1, seed: 1 });
    expect(one).toThrow(UserError);
    expect(one).toThrow(/^The corpus has one pair/);
  });
});
