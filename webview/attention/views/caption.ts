/** Says what is shown, how to read it, and what not to read into it. */
import { fill } from '../../components/fill';
import type { AttentionTexts } from '../messages';
import { layersOf } from '../neededWeights';
import type { SessionState, Slot } from '../session';
import { shownHeads } from '../weights';

/** What of the page a caption is made of. */
interface Captioned {
  readonly texts: AttentionTexts;
  readonly state: Pick<SessionState, 'view'>;
}

export function caption({ texts, state }: Captioned, { observation }: Pick<Slot, 'observation'>): string {
  if (observation === null) return '';
  const { view, kind, layer, heads } = state.view;
  const layers = layersOf(kind, observation);
  const what = { encoder: texts.shownEncoder, decoder: texts.shownDecoder, cross: texts.shownCross }[kind];
  const all = view === 'grid' || view === 'table';
  const layerShown =
    layers === 1
      ? fill(texts.shownLayer, 1, 1)
      : all
        ? fill(texts.shownLayers, layers)
        : layer === 'mean'
          ? fill(texts.shownLayerMean, layers)
          : fill(texts.shownLayer, layer + 1, layers);
  return `${what}; ${layerShown}, ${headsShown()}. ${texts.rowsSum} ${texts.notACause}`;

  function headsShown(): string {
    const { heads: count } = observation!;
    if (all) return fill(texts.shownAllHeads, count);
    // Of the heads that are chosen another model may have more.
    const shown = shownHeads(heads, count);
    if (heads.length > 0 && shown.length === 1) return fill(texts.shownHead, shown[0]! + 1, count);
    if (view === 'alignment') return fill(texts.shownMeanOfHeads, shown.length);
    if (heads.length === 0) return fill(texts.shownAllHeads, count);
    return fill(texts.shownHeads, shown.map((head) => head + 1).join(', '));
  }
}
