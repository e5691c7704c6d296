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

interface Observed {
  readonly observation: Observation | null;
}

/** The layers of the deepest of the models that have answered: all of them can be chosen. */
export function depthOf(kind: AttentionKind, slots: readonly Observed[]): number {
  return Math.max(
    0,
    ...slots.map(({ observation }) => (observation === null ? 0 : layersOf(kind, observation))),
  );
}

/** The layer, if one of the models that have answered has it; else the mean. Before any has, it may be there. */
export function fittingLayer(
  { kind, layer }: Pick<ViewState, 'kind' | 'layer'>,
  slots: readonly Observed[],
): number | 'mean' {
  if (layer === 'mean' || slots.every(({ observation }) => observation === null)) return layer;
  return layer < depthOf(kind, slots) ? layer : 'mean';
}

/** The layer that is shown is one that another model has, and this one has not. */
export function lacksLayer(
  { view, kind, layer }: Pick<ViewState, 'view' | 'kind' | 'layer'>,
  observation: Observation,
): boolean {
  const isOne = view === 'heads' || view === 'alignment';
  return isOne && layer !== 'mean' && layer >= layersOf(kind, observation);
}

export function neededWeights(
  { view, segment, kind, layer }: Pick<ViewState, 'view' | 'segment' | 'kind' | 'layer'>,
  observation: Observation,
): WeightsPart[] {
  const tokens = observation.segments[segment];
  // A segment that was left as it is has nothing to show.
  if (tokens === undefined || tokens.targetTokens.length === 0) return [];
  if (lacksLayer({ view, kind, layer }, observation)) return [];
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
