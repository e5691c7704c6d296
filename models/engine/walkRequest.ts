/** Requests to walk through the model with a token of an observation. */
import { show, UserError } from '../userError';
import { inTurn, type LoadedModels, type TokenPair } from './loadedModels';
import { observationGone, type Observations } from './observations';
import { observationLimits, type ParametersOf, type ReplyOf } from './protocol';

export interface WalkRequestOptions {
  readonly models: LoadedModels;
  readonly observations: Observations;
  readonly signal: AbortSignal;
}

/** The handler of `walk`. */
export async function walkRequest(
  { observation, segment, candidates, ...route }: ParametersOf<'walk'>,
  { models, observations, signal }: WalkRequestOptions,
): Promise<ReplyOf<'walk'>> {
  const { folder, modelId, pairs } = observations.get(observation);
  check('segment', segment, pairs.length - 1);
  check('candidates', candidates, observationLimits.candidates, 1);
  const pair = pairs[segment]!;
  if (!models.has(folder)) throw observationGone();
  const walked = await inTurn(models.get(folder), signal, (loaded) => {
    if (loaded.id !== modelId) throw observationGone();
    checkRoute(route, pair, loaded.shape);
    return loaded.walk(pair, route, candidates, signal);
  });
  const { config, logits, ...values } = walked;
  const { dModel, heads, dKey, dFf, encoderLayers, decoderLayers, vocabularySize } = config;
  const { normalisation, activation, positions, scaleEmbeddings } = config;
  return {
    model: {
      ...{ dModel, heads, dKey, dFf, encoderLayers, decoderLayers, vocabularySize },
      ...{ normalisation, activation, positions },
      embeddingScale: scaleEmbeddings ? Math.sqrt(dModel) : 1,
    },
    sourceId: pair.source[route.source]!,
    targetId: pair.target[route.target]!,
    ...values,
    logits: [...logits],
  };
}

function checkRoute(
  route: Omit<ParametersOf<'walk'>, 'observation' | 'segment' | 'candidates'>,
  { source, target }: TokenPair,
  shape: { readonly encoderLayers: number; readonly decoderLayers: number; readonly heads: number },
): void {
  check('source', route.source, source.length - 1);
  check('target', route.target, target.length - 1);
  check('encoderLayer', route.encoderLayer, shape.encoderLayers - 1);
  check('decoderLayer', route.decoderLayer, shape.decoderLayers - 1);
  check('head', route.head, shape.heads - 1);
}

/** A page of the editor's browser may be behind a request, so that anything can be in it. */
function check(name: string, value: unknown, most: number, least = 0): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  throw new UserError(`“${name}” must be a whole number from ${least} to ${most}, not ${show(value)}.`);
}
