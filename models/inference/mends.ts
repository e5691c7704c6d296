/** What of a translation is written otherwise than the model says it, where the source tells how. */
import { inOrder, type Change } from '../text/changes';
import { countedNouns } from '../text/countedNouns';
import { mnemonicIn } from '../text/mnemonics';
import type { Piece } from '../text/pieces';
import { sourceSigns } from '../text/sourceSigns';
import { straySpaces } from '../text/straySpaces';
import { veil } from '../text/veiledSpans';
import { lostSpaces, spacesBehindSigns, writesSpaces } from '../text/writtenSpaces';
import type { Segment } from './segments';

/**
 * The changes to the text of what is said, its spans in place; in order.
 *
 * @param languages those of the source and of the translation
 */
export function mendsOf(
  said: readonly Piece[],
  { pieces, spans, mnemonic }: Segment,
  { from, to }: { readonly from: string; readonly to: string },
): Change[] {
  const [text, source] = [veil(said, spans), veil(pieces, spans)];
  return inOrder([
    ...lostSpaces(said, pieces, spans),
    ...(!writesSpaces(from) && writesSpaces(to) ? spacesBehindSigns(text, source) : []),
    ...straySpaces(text, source, spans),
    ...countedNouns(text, source, spans, to),
    ...sourceSigns(text, source, to),
    ...(mnemonic ? mnemonicIn(text, source, mnemonic, to) : []),
  ]);
}
