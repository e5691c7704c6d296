import { describe, expect, it } from 'vitest';
import * as reserved from '../../../models/text/reservedTokens';

describe('reserved tokens', () => {
  it('have the ids that weights are trained with', () => {
    expect(reserved.reservedTokens).toHaveLength(288);
    expect(reserved.reservedTokens.slice(0, 5)).toEqual(['<pad>', '<s>', '</s>', '<unk>', '<x0>']);
    const { paddingId, startId, endId, unknownId } = reserved;
    expect([paddingId, startId, endId, unknownId]).toEqual([0, 1, 2, 3]);
    expect(reserved.reservedTokens.slice(18, 21)).toEqual(['<x14>', '<x15>', '<2en>']);
    expect(reserved.reservedTokens.slice(31, 33)).toEqual(['<2ko>', '<0x00>']);
    expect(reserved.reservedTokens[287]).toBe('<0xFF>');
    expect(reserved.firstByteId).toBe(32);
    expect(reserved.firstLearnedId).toBe(288);
  });

  it('number placeholders and say which there are', () => {
    expect(reserved.placeholderToken(0)).toBe(4);
    expect(reserved.placeholderToken(15)).toBe(19);
    expect([3, 4, 19, 20].map(reserved.isPlaceholder)).toEqual([false, true, true, false]);
    expect(reserved.placeholderIndex(19)).toBe(15);
    for (const bad of [-1, 16, 1.5, NaN]) {
      expect(() => reserved.placeholderToken(bad)).toThrow(/at most 16 protected spans/);
    }
  });

  it('tag target languages and name those known when asked for another', () => {
    expect(['en', 'de', 'fr', 'zh', 'ko'].map(reserved.languageTag)).toEqual([20, 21, 22, 23, 31]);
    expect(() => reserved.languageTag('tlh')).toThrow(/no tag for the target language “tlh”.*en, de, fr, zh/);
  });
});
