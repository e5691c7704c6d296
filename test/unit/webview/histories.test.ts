import { describe, expect, it } from 'vitest';
import { Histories } from '../../../webview/training/numbers/histories';
import { historyPart as part } from './toldRuns';

describe('the histories of a page', () => {
  it('are put together from their parts', () => {
    const histories = new Histories();
    for (let from = 0; from < 3000; from += 1000) histories.take(part(from, 1000, from / 1000, 1));
    const { steps, validations, samples, generation } = histories.get('a')!;
    expect(steps.length).toBe(3000);
    expect(steps.columns.loss.subarray(0, 3000)).toEqual(Float32Array.from({ length: 3000 }, (_, i) => i));
    expect(steps.last('step')).toBe(2999);
    expect(validations.length).toBe(3);
    expect(samples.map(([sample]) => sample!.source)).toEqual(['0', '1', '2']);
    expect(generation).toBe(0);
  });

  it('begin anew with a part that begins before the end', () => {
    const histories = new Histories();
    histories.take(part(0, 10, 0, 2));
    histories.take(part(0, 4, 0, 1));
    const curves = histories.get('a')!;
    expect(curves.steps.length).toBe(4);
    expect(curves.validations.length).toBe(1);
    expect(curves.samples).toHaveLength(1);
    expect(curves.generation).toBe(1);
  });

  it('pass over a part that does not join', () => {
    const histories = new Histories();
    histories.take(part(0, 10));
    histories.take(part(20, 10));
    expect(histories.get('a')!.steps.length).toBe(10);
  });

  it('forget what is not shown', () => {
    const histories = new Histories();
    histories.take(part(0, 10));
    histories.keepOnly(['b']);
    expect(histories.get('a')).toBeUndefined();
  });
});
