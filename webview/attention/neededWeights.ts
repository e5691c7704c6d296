/**
 * Which layers' weights a view shows, so that no others are fetched.
 */
import type { AttentionKind, Observation } from './messages';
import type { ViewState } from './viewState';

/** What one request for weights asks for. */
export interface WeightsPart {
  readonly segment: number;
  readonly kind: AttentionKind;
  readonly layer: number | 'mean';
}

export function weightsKey({ segment, kind, layer }: WeightsPart): string {
  return `${segment}/${kind}/${layer}`;
}

/** How many layers a kind of attention has: encoder and decoder may differ. */
export function layersOf(
  kind: AttentionKind,
  { encoderLayers, decoderLayers }: Pick<Observation, 'encoderLayers' | 'decoderLayers'>,
): number {
  return kind === 'encoder' ? encoderLayers : decoderLayers;
}

export function neededWeights(
  { view, segment, kind, layer }: Pick<ViewState, 'view' | 'segment' | 'kind' | 'layer'>,
  observation: Observation,
): WeightsPart[] {
  const tokens = observation.segments[segment];
  // A segment that was left as it is has nothing to show.
  if (tokens === undefined || tokens.targetTokens.length === 0) return [];
  switch (view) {
    case 'grid':
    case 'table':
      return Array.from({ length: layersOf(kind, observation) }, (_, of) => ({ segment, kind, layer: of }));
    case 'heads':
    case 'alignment':
      return [{ segment, kind, layer }];
    case 'walk':
      return [];
  }
}
