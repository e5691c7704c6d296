/**
 * Which layers' weights a view shows, and which walk, so that nothing else is fetched.
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

/** What one request for a walk asks for. */
export interface WalkPart {
  readonly segment: number;
  readonly source: number;
  readonly target: number;
  readonly encoderLayer: number;
  readonly decoderLayer: number;
  readonly head: number;
}

export function walkKey({ segment, source, target, encoderLayer, decoderLayer, head }: WalkPart): string {
  return `walk/${[segment, source, target, encoderLayer, decoderLayer, head].join('/')}`;
}

/** The walk that is shown; what was chosen for another sentence or model is brought within the limits of this one. */
export function neededWalk(
  { view, segment, walk }: Pick<ViewState, 'view' | 'segment' | 'walk'>,
  { segments, encoderLayers, decoderLayers, heads }: Observation,
): WalkPart | undefined {
  const tokens = segments[segment];
  if (view !== 'walk' || tokens === undefined || tokens.targetTokens.length === 0) return undefined;
  const within = (chosen: number, count: number): number => Math.min(chosen, count - 1);
  return {
    segment,
    source: within(walk.source, tokens.sourceTokens.length),
    target: within(walk.target, tokens.targetTokens.length),
    encoderLayer: within(walk.layer, encoderLayers),
    decoderLayer: within(walk.layer, decoderLayers),
    head: within(walk.head, heads),
  };
}
