/** The library's n-grams are the same after the build has packed them: every one, and none besides. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unpackNgrams } from '../../../models/text/packedNgrams';
import packedModule, { packNgrams } from '../../../scripts/packNgrams.mjs';

type Ngrams = Parameters<typeof packNgrams>[0];

const file = path.resolve('node_modules', 'eld', 'src', 'ngrams', 'extrasmall.js');

describe('packed n-grams', () => {
  it('are those of the library', async () => {
    const { ngramsData } = (await import(file)) as { ngramsData: { ngrams: Ngrams } };
    const { keys, scores } = packNgrams(ngramsData.ngrams);
    const unpacked = unpackNgrams(keys, scores);
    const all = Object.keys(ngramsData.ngrams);
    expect(all.length).toBeGreaterThan(40_000);
    const wrong = all.filter(
      (key) => JSON.stringify(unpacked[key]) !== JSON.stringify(ngramsData.ngrams[key]),
    );
    expect(wrong).toEqual([]);
    for (const other of ['', 'qqqqqq', 'constructor', '__proto__', ' '])
      expect(unpacked[other]).toEqual(
        Object.hasOwn(ngramsData.ngrams, other) ? ngramsData.ngrams[other] : undefined,
      );
  });

  it('are a module that says all else as the library does', async () => {
    const module = await packedModule.call({ resourcePath: file });
    expect(module).toContain('"languages":{"0":"am","1":"ar"');
    expect(module).toContain('"type":"XS60"');
    expect(module).toContain('ngrams: unpackNgrams("');
  });

  it('are refused where they have another form, or do not fit', async () => {
    const other = path.resolve('scripts', 'packNgrams.mjs');
    await expect(packedModule.call({ resourcePath: other })).rejects.toThrow('in another form');
    expect(() => packNgrams({ ab: { 1: 500 } })).toThrow('does not fit: 1, 1, 500');
    expect(() => packNgrams({ 'a\nb': { 1: 5 } })).toThrow('line break');
  });
});
