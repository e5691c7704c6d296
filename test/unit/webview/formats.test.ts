import { describe, expect, it } from 'vitest';
import { Formats } from '../../../webview/training/numbers/format';

const english = new Formats('en');

describe('numbers for people', () => {
  it.each<[Exclude<keyof Formats, 'language'>, number, string]>([
    ['count', 1_234_567, '1,234,567'],
    ['roughly', 7_600_123, '7.6M'],
    ['figure', 3.21449, '3.214'],
    ['figure', 12.345, '12.35'],
    ['figure', 0.12345, '0.1235'],
    ['figure', 123.45, '123.5'],
    ['figure', 1234.5, '1,235'],
    ['figure', 45_678, '45.7K'],
    ['figure', 0.000123, '1.23E-4'],
    ['figure', 0, '0'],
    ['scientific', 0.0012, '1.2E-3'],
    ['scientific', 0, '0'],
    ['rate', 0.0114, '0.0114'],
    ['rate', 0.0001234, '0.000123'],
    ['rate', 0.0000631, '6.31E-5'],
    ['rate', 0, '0'],
    ['score', 21, '21.0'],
    ['percent', 0.421, '42%'],
    ['duration', 0.2, '0s'],
    ['duration', 59.4, '59s'],
    ['duration', 61, '1m 1s'],
    ['duration', 3600, '1h'],
    ['duration', 3661, '1h 1m'],
    ['duration', 3601, '1h'],
    ['duration', 200_000, '2d 7h'],
    ['duration', -5, '0s'],
    ['bytes', 0, '0 bytes'],
    ['bytes', 999, '999 bytes'],
    ['bytes', 1500, '1.5 kB'],
    ['bytes', 140_000_000, '140 MB'],
    ['bytes', 3_210_000_000, '3.2 GB'],
  ])('%s of %d is %s', (kind, value, text) => {
    expect(english[kind](value).replace(/\u202f|\u00a0/g, ' ')).toBe(text);
  });

  it('are written in the language of the editor, and in English where it has no tag', () => {
    expect(new Formats('de').count(1234.5)).toBe('1.234,5');
    expect(new Formats('qps_ploc').count(1234)).toBe('1,234');
    expect(new Formats('de').language('pt-BR')).toMatch(/^Portugiesisch/);
    expect(english.language('no language')).toBe('no language');
  });
});
