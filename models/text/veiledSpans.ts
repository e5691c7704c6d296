// A text whose protected spans are veiled: each sign of one is a sign that stands in no text. So patterns see where a span
// is, and not what is in it, and places are those of the text itself.

import type { Piece } from './pieces';

/** Unicode keeps U+FDD0 … U+FDEF for programs: they are no characters. */
const firstVeil = 0xfdd0;

/** What spans are veiled by, for a class of characters in a pattern. */
export const veils = '\\ufdd0-\\ufddf';

/** The text of some pieces with the k-th placeholder's span veiled by its own sign. */
export function veil(pieces: readonly Piece[], spans: readonly string[]): string {
  return pieces
    .map((piece) =>
      typeof piece === 'string'
        ? piece
        : String.fromCharCode(firstVeil + piece.placeholder).repeat(spans[piece.placeholder]?.length ?? 0),
    )
    .join('');
}

/** The span that one of its veils stands for. */
export function unveil(veiled: string, spans: readonly string[]): string {
  return spans[veiled.charCodeAt(0) - firstVeil] ?? '';
}
