/** Whether a translation may take a passage's place. */
import { expect, it } from 'vitest';
import type { Translation } from '../../../models/engine/protocol';
import { accepts } from '../../../extension/translate/accepts';
import type { Passage } from '../../../extension/prose/passage';

const passage = (takesArguments: boolean): Passage => ({
  span: { start: 0, end: 0 },
  text: 'Replaced {} with {}.',
  keep: [],
  takesArguments,
  fits: (translation) => translation !== '',
  fit: (translation) => translation,
  below: (text) => ({ line: 0, text }),
});
const translation = (text: string, isMoved: boolean): Pick<Translation, 'text' | 'segments'> => ({
  text,
  segments: [
    { start: 0, end: 4, left: false },
    { start: 4, end: text.length, left: false, ...(isMoved && { argumentsMoved: true }) },
  ],
});

it('lets arguments change places in a sentence, and not where a program puts them in', () => {
  const moved = translation('用 {} 替换 {}。', true);
  expect([accepts(passage(false), moved), accepts(passage(true), moved)]).toEqual([true, false]);
  const inOrder = translation('{} 替换为 {}。', false);
  expect([accepts(passage(false), inOrder), accepts(passage(true), inOrder)]).toEqual([true, true]);
});

it('takes nothing that does not fit', () => {
  expect(accepts(passage(false), translation('', false))).toBe(false);
});
