import { describe, expect, it } from 'vitest';
import { TextSet } from '../../../models/data/pairSet';

describe('TextSet', () => {
  it('knows what was added, and nothing else, however often it grows', () => {
    const set = new TextSet(4);
    const text = (number: number): string => `text ${number.toString(36)}`;
    for (let number = 0; number < 200_000; number++) expect(set.add(text(number))).toBe(true);
    expect(set.size).toBe(200_000);
    for (let number = 0; number < 200_000; number++) {
      if (set.add(text(number)) || !set.has(text(number))) expect.fail(`forgot ${text(number)}`);
      if (set.has(text(number + 200_000))) expect.fail(`knows ${text(number + 200_000)}`);
    }
    expect(set.size).toBe(200_000);
  });

  it('tells texts apart by every unit, their order, and where one ends', () => {
    const set = new TextSet();
    const different: string[][] = [
      [],
      [''],
      ['', ''],
      ['\0'],
      ['\0', ''],
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc', ''],
      ['', 'abc'],
      ['abc'],
      ['acb'],
      ['c', 'ab'],
      ['\ud83d\ude00'],
      ['\ude00\ud83d'],
      ['a'.repeat(1000)],
      ['a'.repeat(1001)],
    ];
    for (const texts of different) expect(set.add(...texts)).toBe(true);
    for (const texts of different) expect(set.has(...texts)).toBe(true);
    expect(set.size).toBe(different.length);
  });

  it('spreads texts that differ little over all 64 bits', () => {
    // With 32 bits, five of the 202,500 texts would be taken for others.
    const set = new TextSet();
    let count = 0;
    for (let a = 0; a < 450; a++) {
      for (let b = 0; b < 450; b++) {
        count++;
        set.add(String.fromCharCode(a + 32), String.fromCharCode(b + 32));
      }
    }
    expect(set.size).toBe(count);
  });
});
