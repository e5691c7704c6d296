/** Where the focus goes: what it is moved to when a button goes away, and by the arrow keys, whichever way one reads. */
import { describe, expect, it } from 'vitest';
import { directionOf } from '../../../webview/attention/direction';
import { FocusWish } from '../../../webview/attention/focusWish';
import { neighbourOf } from '../../../webview/attention/neighbour';

/** A page with the places that are there; what has no focus any more leaves it to nothing. */
function pageWith(...names: string[]) {
  const places = new Map<string, { name: string; focus(): void }>();
  let focused: { name: string } | null = null;
  const add = (name: string): void => {
    const place = { name, focus: () => (focused = place) };
    places.set(name, place);
  };
  names.forEach(add);
  const wish = new FocusWish({ find: (name) => places.get(name) ?? null, focused: () => focused });
  return { wish, add, go: (name: string) => places.get(name)!.focus(), focused: () => focused?.name };
}

describe('a wish for the focus', () => {
  it('is granted when the page is shown', () => {
    const { wish, focused } = pageWith('#text');
    wish.wish('#text');
    expect(focused()).toBeUndefined();
    wish.grant();
    expect(focused()).toBe('#text');
  });

  it('is granted once', () => {
    const { wish, go, focused } = pageWith('#text', '#translation');
    wish.wish('#text');
    wish.grant();
    go('#translation');
    wish.grant();
    expect(focused()).toBe('#translation');
  });

  it('waits elsewhere for what is not there yet', () => {
    const { wish, add, focused } = pageWith('#shown');
    wish.wish('attention-matrix', '#shown');
    wish.grant();
    wish.grant();
    expect(focused()).toBe('#shown');
    add('attention-matrix');
    wish.grant();
    expect(focused()).toBe('attention-matrix');
  });

  it('ends when the person goes elsewhere', () => {
    const { wish, add, go, focused } = pageWith('#shown', '#text');
    wish.wish('attention-matrix', '#shown');
    wish.grant();
    go('#text');
    wish.grant();
    add('attention-matrix');
    wish.grant();
    expect(focused()).toBe('#text');
    go('#shown');
    wish.grant();
    expect(focused()).toBe('#shown');
  });
});

describe('the arrow keys', () => {
  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'Enter', 'constructor'];
  const from = (at: number, length: number, columns: number, direction: 'ltr' | 'rtl' = 'ltr') =>
    keys.map((key) => neighbourOf(key, at, { length, columns, direction }));

  it('go to a neighbour, where there is one', () => {
    expect(from(1, 3, 3)).toEqual([0, 2, undefined, undefined, 0, 2, undefined, undefined]);
    expect(from(0, 3, 3)).toEqual([undefined, 1, undefined, undefined, 0, 2, undefined, undefined]);
    expect(from(4, 9, 3)).toEqual([3, 5, 1, 7, 3, 5, undefined, undefined]);
  });

  it('go where the piece stands that is meant, in a text that is read leftwards', () => {
    expect(from(1, 3, 3, 'rtl').slice(0, 2)).toEqual([2, 0]);
    expect(from(0, 3, 3, 'rtl').slice(0, 2)).toEqual([1, undefined]);
  });
});

describe('the direction of a language', () => {
  it.each(['ar', 'fa', 'he', 'ur', 'yi', 'ps', 'dv', 'az-Arab'])('%s is leftwards', (language) => {
    expect(directionOf(language)).toBe('rtl');
  });

  it.each(['en', 'de', 'zh', 'zh-Hans', 'ru', 'ja', 'az', 'pt_BR', ''])('%s is rightwards', (language) => {
    expect(directionOf(language)).toBe('ltr');
  });
});
