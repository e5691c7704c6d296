import { describe, expect, it } from 'vitest';
import { abortable, Turns } from '../../../models/engine/turns';

const never = new AbortController().signal;

/** A piece of work that ends when it is told to. */
function work(events: string[], name: string): { run: () => Promise<string>; end: (error?: Error) => void } {
  let end: (error?: Error) => void = () => undefined;
  const ended = new Promise<string>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve(name) : reject(error));
  });
  const run = (): Promise<string> => {
    events.push(name);
    return ended;
  };
  return { run, end };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('run one after the other, in the order in which they were asked for', async () => {
    const events: string[] = [];
    const [first, second] = [work(events, 'first'), work(events, 'second')];
    const turns = new Turns();
    const results = Promise.all([turns.take(never, first.run), turns.take(never, second.run)]);
    await settled();
    expect(events).toEqual(['first']);
    first.end();
    await settled();
    expect(events).toEqual(['first', 'second']);
    second.end();
    expect(await results).toEqual(['first', 'second']);
  });

  it('go on after one that failed', async () => {
    const events: string[] = [];
    const [first, second] = [work(events, 'first'), work(events, 'second')];
    const turns = new Turns();
    const failing = turns.take(never, first.run);
    const next = turns.take(never, second.run);
    first.end(new Error('broken'));
    second.end();
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('second');
  });

  it('are given up at once while waiting, and then never begin', async () => {
    const events: string[] = [];
    const [first, second, third] = [work(events, 'first'), work(events, 'second'), work(events, 'third')];
    const turns = new Turns();
    const running = turns.take(never, first.run);
    const controller = new AbortController();
    const waiting = turns.take(controller.signal, second.run);
    const last = turns.take(never, third.run);
    controller.abort(new Error('given up'));
    // The first still runs: the rejection does not wait for it.
    await expect(waiting).rejects.toThrow('given up');
    expect(events).toEqual(['first']);
    first.end();
    third.end();
    await Promise.all([running, last]);
    expect(events).toEqual(['first', 'third']);
  });
});

describe('abortable', () => {
  it('passes on what comes before the abort', async () => {
    expect(await abortable(never, Promise.resolve(7))).toBe(7);
    await expect(abortable(never, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('rejects with the reason of a signal that has aborted already', async () => {
    const signal = AbortSignal.abort(new Error('given up'));
    await expect(abortable(signal, new Promise(() => undefined))).rejects.toThrow('given up');
  });
});
