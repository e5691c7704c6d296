import { describe, expect, it } from 'vitest';
import { movesArguments } from '../../../models/text/argumentOrder';

describe('placeholders that take the next argument', () => {
  it.each([
    ['two alike that changed places', ['{}', '{}'], [1, 0], true],
    ['two of two kinds', ['%d', '%s'], [1, 0], true],
    [
      'with flags, widths and lengths',
      ['%-5.2lf', '%*s', '%<PRIu64>', '{:>10}', '{!r}', '%qs'],
      [0, 2, 1],
      true,
    ],
    ['in their order', ['%s', '%s', '%d'], [0, 1, 2], false],
    [
      'with a number or a name',
      ['%1$s', '%2$s', '{0}', '{1}', '{name}', '%(a)s', '%1', '%L2'],
      [7, 6, 5, 4, 3, 2, 1, 0],
      false,
    ],
    ['other spans', ['<b>', 'foo()', '%%', '%Y', '%m'], [4, 3, 2, 1, 0], false],
    ['one that stands where it stood among others', ['foo()', '%s', 'bar()'], [2, 1, 0], false],
    ['one with others', ['%s', '%d:%s'], [1, 0], true],
    ['others between', ['{}', 'foo()', '{}'], [1, 2, 0], true],
  ])('%s', (_, spans, said, moved) => {
    expect(movesArguments(spans, said)).toBe(moved);
  });
});
