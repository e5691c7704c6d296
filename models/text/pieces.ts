// A text in which protected spans have been taken out: strings and placeholders in turn.

/** Text, or the k-th placeholder (0 … 15) standing for a protected span. */
export type Piece = string | { readonly placeholder: number };

/** The same pieces with adjacent strings joined and empty ones dropped, so that equal texts have equal pieces. */
export function fusePieces(pieces: readonly Piece[]): Piece[] {
  const fused: Piece[] = [];
  let text = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece;
      continue;
    }
    if (text !== '') fused.push(text);
    text = '';
    fused.push(piece);
  }
  if (text !== '') fused.push(text);
  return fused;
}
