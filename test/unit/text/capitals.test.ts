/** Sentences in capitals, as a model reads them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calmPieces, calmText, inCapitals } from '../../../models/text/capitals';
import { fusePieces, type Piece } from '../../../models/text/pieces';

/** A vocabulary that has learned two names whole, and of other words each two letters. */
const piecesOf = (word: string): number => (['USB', 'PDF'].includes(word) ? 1 : Math.ceil(word.length / 2));

describe('a sentence in capitals', () => {
  it.each<[Piece[], Piece[]]>([
    [['WARNING: DO NOT DELETE THIS FILE!'], ['Warning: do not delete this file!']],
    [['“ÖFFNEN SIE DIE DATEI” 12'], ['“Öffnen sie die datei” 12']],
    [
      ['SET ', { placeholder: 0 }, ' TO ZERO'],
      ['Set ', { placeholder: 0 }, ' to zero'],
    ],
    [
      [{ placeholder: 0 }, ' MUST BE SET'],
      [{ placeholder: 0 }, ' must be set'],
    ],
    [['CONVERT PDF TO XML'], ['Convert PDF to XML']],
    [['USB, MP3 AND ÄPFEL'], ['USB, MP3 and äpfel']],
    [['PDFS OF SOME KIND'], ['Pdfs of some kind']],
  ])('is read as one is written: %j', (loud, calm) => {
    expect(calmPieces(loud, piecesOf)).toEqual(calm);
  });

  it.each<[string, Piece[]]>([
    ['names', ['HTTP GET']],
    ['a single word', ['DEPRECATED']],
    ['names alone', ['USB URL HTTP PDF', { placeholder: 0 }]],
    ['in part', ['WARNING: do not delete this file']],
    ['Chinese with names', ['使用 HTTP REQUEST HEADERS']],
    ['of no words', ['12 / 3 = 4', { placeholder: 0 }]],
  ])('is not what is %s', (_, pieces) => {
    expect(calmPieces(pieces, piecesOf)).toBeUndefined();
  });

  it('comes back as it was, whatever is in it', () => {
    const text = fc.string({
      unit: fc.constantFrom('A', 'Z', 'Ä', 'ß', 'ẞ', 'İ', 'ǅ', 'Σ', ' ', '-', '1', '件', '🚀'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const pieces = fusePieces([before, { placeholder: 0 }, after]);
        const calm = calmPieces(pieces, piecesOf);
        const again = calm?.map((piece) => (typeof piece === 'string' ? inCapitals(piece) : piece));
        if (calm) expect(again).toEqual(pieces);
        expect(calmText(before, piecesOf)).toHaveLength(before.length);
        expect(inCapitals(before)).toHaveLength(before.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('has one capital for ß', () => {
    expect(inCapitals('Größe: 3 m')).toBe('GRÖẞE: 3 M');
  });
});
