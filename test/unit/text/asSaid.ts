/** A translation as a model says it: pieces, with placeholders where it writes the spans of its source. */
import { fusePieces, type Piece } from '../../../models/text/pieces';

export function asSaid(translation: string, spans: readonly string[]): Piece[] {
  const numbered = spans.reduce<Piece[]>(
    (said, span, placeholder) => {
      const holder = said.findIndex((piece) => typeof piece === 'string' && piece.includes(span));
      const piece = said[holder];
      if (typeof piece !== 'string') return said;
      const at = piece.indexOf(span);
      return said.toSpliced(holder, 1, piece.slice(0, at), { placeholder }, piece.slice(at + span.length));
    },
    [translation],
  );
  return fusePieces(numbered);
}
