/** Says what is shown, how to read it, and what not to read into it. */
import { fill } from '../../components/pageStart';
import type { PageContext } from '../context';
import { layersOf } from '../neededWeights';
import type { Slot } from '../session';

export function caption({ texts, state }: PageContext, { observation }: Slot): string {
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
    if (heads.length === 1) return fill(texts.shownHead, heads[0]! + 1, count);
    if (view === 'alignment') return fill(texts.shownMeanOfHeads, heads.length > 0 ? heads.length : count);
    if (heads.length === 0) return fill(texts.shownAllHeads, count);
    return fill(texts.shownHeads, heads.map((head) => head + 1).join(', '));
  }
}
