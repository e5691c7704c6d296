/**
 * Which layers' weights a view shows, and which walk, so that nothing else is fetched; and which layers and heads there
 * are to choose from, where models differ.
 */
import type { AttentionKind, Observation } from './messages';
import type { ViewState } from './viewState';
import { shownHeads } from './weights';

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

/** The heads of that model of those that have answered which has the most: all of them can be chosen. */
export function mostHeads(slots: readonly Observed[]): number {
  return Math.max(0, ...slots.map(({ observation }) => observation?.heads ?? 0));
}

/** The chosen heads that one of the models that have answered has. Before any has, all may be there. */
export function fittingHeads(heads: readonly number[], slots: readonly Observed[]): number[] {
  const most = mostHeads(slots);
  return heads.filter((head) => most === 0 || head < most);
}

type Choice = Pick<ViewState, 'view' | 'kind' | 'layer' | 'heads'>;

/** Layer and heads can be chosen; the other views show them all. */
const isChosen = ({ view }: Pick<Choice, 'view'>): boolean => view === 'heads' || view === 'alignment';

/** The layer that is shown is one that another model has, and this one has not. */
export function lacksLayer(choice: Omit<Choice, 'heads'>, observation: Observation): boolean {
  const { kind, layer } = choice;
  return isChosen(choice) && layer !== 'mean' && layer >= layersOf(kind, observation);
}

/** The heads that are shown are ones that another model has, and this one has none of them. */
export function lacksHeads(choice: Pick<Choice, 'view' | 'heads'>, { heads }: Observation): boolean {
  return isChosen(choice) && shownHeads(choice.heads, heads).length === 0;
}

export function neededWeights(
  choice: Choice & Pick<ViewState, 'segment'>,
  observation: Observation,
): WeightsPart[] {
  const { view, segment, kind, layer } = choice;
  const tokens = observation.segments[segment];
  // A segment that was left as it is has nothing to show.
  if (tokens === undefined || tokens.targetTokens.length === 0) return [];
  if (lacksLayer(choice, observation) || lacksHeads(choice, observation)) return [];
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
