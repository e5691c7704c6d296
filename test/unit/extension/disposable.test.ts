import { describe, expect, it } from 'vitest';
import { DisposableStore, toDisposable } from '../../../extension/disposable';

describe('a disposable store', () => {
  it('disposes what it holds once, the last first', () => {
    const events: string[] = [];
    const store = new DisposableStore();
    const first = toDisposable(() => void events.push('first'));
    expect(store.add(first)).toBe(first);
    store.add(toDisposable(() => void events.push('second')));
    store.dispose();
    store.dispose();
    expect(events).toEqual(['second', 'first']);
  });

  it('disposes a latecomer at once', () => {
    const events: string[] = [];
    const store = new DisposableStore();
    store.dispose();
    store.add(toDisposable(() => void events.push('late')));
    expect(events).toEqual(['late']);
  });

  it('disposes what is added while it disposes', () => {
    const events: string[] = [];
    const store = new DisposableStore();
    store.add(toDisposable(() => store.add(toDisposable(() => void events.push('late')))));
    store.dispose();
    expect(events).toEqual(['late']);
  });

  it('lets none keep another from its turn, and tells what went wrong', () => {
    const events: string[] = [];
    const store = new DisposableStore();
    store.add(toDisposable(() => void events.push('first')));
    store.add(
      toDisposable(() => {
        throw new Error('stuck');
      }),
    );
    expect(() => store.dispose()).toThrow(AggregateError);
    expect(events).toEqual(['first']);
  });
});
