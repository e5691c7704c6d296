import { describe, expect, it } from 'vitest';
import { Smoothed } from '../../../webview/training/numbers/smooth';

describe('smoothing', () => {
  it('changes nothing with a weight of 0', () => {
    const values = Float64Array.of(3, 1, 2);
    expect([...new Smoothed(0).of(values, 3).slice(0, 3)]).toEqual([3, 1, 2]);
  });

  it('begins where the curve does, and stays where the curve stays', () => {
    const smoothed = new Smoothed(0.9).of(new Float64Array(50).fill(7), 50);
    for (const value of smoothed.slice(0, 50)) expect(value).toBeCloseTo(7, 12);
  });

  it('is the corrected moving average', () => {
    const weight = 0.6;
    const [a, b, c] = new Smoothed(weight).of(Float64Array.of(1, 2, 4), 3);
    expect(a).toBeCloseTo(1, 12);
    expect(b).toBeCloseTo((0.6 * 0.4 * 1 + 0.4 * 2) / (1 - 0.36), 12);
    expect(c).toBeCloseTo((0.36 * 0.4 * 1 + 0.6 * 0.4 * 2 + 0.4 * 4) / (1 - 0.216), 12);
  });

  it('grows with the curve as if it had been there at once', () => {
    const values = Float64Array.from({ length: 3000 }, (_, index) => Math.sin(index));
    const whole = new Smoothed(0.99).of(values, 3000).slice(0, 3000);
    const grown = new Smoothed(0.99);
    for (const length of [1, 10, 1024, 1025, 3000]) grown.of(values, length);
    expect(grown.of(values, 3000).slice(0, 3000)).toEqual(whole);
  });

  it('passes over what is no number', () => {
    const smoothed = new Smoothed(0.5).of(Float64Array.of(1, NaN, 1), 3);
    expect([...smoothed.slice(0, 3)]).toEqual([1, NaN, 1]);
  });
});
