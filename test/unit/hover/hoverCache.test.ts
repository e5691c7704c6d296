import { describe, expect, it } from 'vitest';
import { HoverCache, type Origin } from '../../../extension/hover/hoverCache';

const of = (modelId: string, pair = 'de → en'): Origin => ({ modelId, pair });

describe('the cache of hovers', () => {
  it('holds so many, and lets go what was used longest ago', () => {
    const cache = new HoverCache<Origin>(2);
    const [one, two, three] = [of('m'), of('m'), of('m')];
    cache.set('1', one);
    cache.set('2', two);
    expect(cache.get('1')).toBe(one);
    cache.set('3', three);
    expect([cache.get('1'), cache.get('2'), cache.get('3')]).toEqual([one, undefined, three]);
    cache.set('3', two);
    expect(cache.size).toBe(2);
    expect(cache.get('3')).toBe(two);
  });

  it('lets go what another model has made, pair by pair', () => {
    const cache = new HoverCache<Origin>(10);
    const untranslated = of('');
    const [old, other, renewed] = [of('old'), of('old', 'en → de'), of('new')];
    cache.set('old', old);
    cache.set('other', other);
    cache.set('untranslated', untranslated);
    expect(cache.get('old')).toBe(old);
    cache.set('new', renewed);
    expect(cache.get('old')).toBeUndefined();
    expect(cache.get('other')).toBe(other);
    expect(cache.get('untranslated')).toBe(untranslated);
    expect(cache.get('new')).toBe(renewed);
  });
});
