import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lostMixedWords } from '../../../models/text/mixedWords';

/** A vocabulary that writes these words in one piece, and all others in pieces of two letters. */
const words = new Set(['file', 'bit', 'data']);
const piecesOf = (word: string): number => (words.has(word) ? 1 : Math.ceil(word.length / 2));
const lost = (source: string, translation: string): string[] => lostMixedWords(source, translation, piecesOf);

describe('a word of digits and letters', () => {
  it.each([
    ['with a digit less', 'The container 4c01db0b339c', 'Der Container 4c01db0b39c', ['4c01db0b339c']],
    ['of digits and underscores', 'The value 1_000_000', 'Der Wert 1_000', ['1_000_000']],
    ['in two bases', 'The mask 0b1010 and 0o755', 'Die Maske 0b10 und 0o755', ['0b1010']],
    ['that is left out', 'The key ab12cd34', 'Der Schlüssel', ['ab12cd34']],
    ['that goes on', 'The key ab12cd34', 'Der Schlüssel ab12cd345', ['ab12cd34']],
    ['said once of twice', 'From sda1 to sda1', 'Von sda1 nach', ['sda1']],
    ['of a name, with another number', 'The file2 on libc6', 'Die Datei auf libc5', ['file2', 'libc6']],
    ['beside Chinese', '容器4c01db已停止', 'The container 4c01b', ['4c01db']],
  ])('is lost: one %s', (_, source, translation, wanted) => {
    expect(lost(source, translation)).toEqual(wanted);
  });

  it.each([
    ['as it is', 'The container 4c01db0b339c', '容器4c01db0b339c已停止'],
    ['with a capital', 'An ext4 volume', 'Ein Ext4-Volume'],
    ['in parts', 'A 64bit kernel of 3x3 parts', 'Ein 64-Bit-Kernel aus 3 × 3 Teilen'],
    ['as another word with its number', 'The file2 is 64bit', 'Die Datei2 hat 64 位'],
  ])('is held %s', (_, source, translation) => {
    expect(lost(source, translation)).toEqual([]);
  });

  it.each([
    ['numbers with an ending', '1st, 2nd, 3rd, 4th, 1990s, 16ths, 3pm, 10er, 2ten, 80ern, 3fach'],
    ['of two signs', 'x1, 3D, 4K'],
    ['of digits or letters alone', '12345, file, file_name, größe2'],
  ])('is none: %s', (_, source) => {
    expect(lost(source, '')).toEqual([]);
  });

  it('of a length that only data has is none', () => {
    expect(lost(`The key ${'a1'.repeat(10_000)}`, '')).toEqual([]);
  });

  it('is not lost in the text itself', () => {
    const unit = fc.constantFrom('a', 'Bc', '1', '22', '_', 'x', ' ', '-', '件', 'é');
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 30 }), (parts) => {
        expect(lost(parts.join(''), parts.join(''))).toEqual([]);
      }),
      { seed: 8 },
    );
  });
});
