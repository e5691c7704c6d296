/**
 * Requests to look at a translation: what they may ask for, the observation itself, and its attention afterwards.
 */
import path from 'node:path';
import { layerOf } from '../inference/attentionMaps';
import { readModelConfig } from '../storage/modelFolder';
import { show, UserError } from '../userError';
import type { LanguageChoice, LanguageRequest } from './languageChoice';
import { inTurn, type LoadedModels } from './loadedModels';
import { observationGone, type Observations } from './observations';
import {
  attentionKinds,
  observationLimits,
  type LanguagePair,
  type ParametersOf,
  type ReplyOf,
} from './protocol';

export interface ObserveRequestOptions {
  readonly models: LoadedModels;
  readonly observations: Observations;
  /** The pairs that there are, read anew. */
  readonly readPairs: () => Promise<readonly LanguagePair[]>;
  readonly choose: (request: LanguageRequest) => Promise<LanguageChoice[]>;
  readonly signal: AbortSignal;
}

/** The handler of `observe`. */
export async function observeRequest(
  parameters: ParametersOf<'observe'>,
  options: ObserveRequestOptions,
): Promise<ReplyOf<'observe'>> {
  checkObserve(parameters);
  const { text, target, candidates, alternatives, minimumConfidence, keep } = parameters;
  const { pair, alreadyInTarget, unclear } = await choosePair(parameters, options);
  const { models, observations, signal } = options;
  const observation = observations.begin();
  if (alreadyInTarget || (unclear && parameters.skipUnclear === true))
    return leftAsItIs(observation, text, pair, alreadyInTarget);
  const { translator, translated, segments, pairs } = await inTurn(
    models.visit(pair.folder),
    signal,
    async (translator) => ({
      translator,
      ...(await translator.observe(text, {
        target,
        candidates,
        alternatives,
        minimumConfidence,
        keep,
        signal,
        onAttention: (segment, attention) => observations.keepAttention(observation, segment, attention),
      })),
    }),
  );
  observations.keep(observation, { folder: pair.folder, modelId: translator.id, pairs });
  return {
    observation,
    translation: {
      text: translated.text,
      from: pair.from,
      to: pair.to,
      alreadyInTarget: false,
      segments: [...translated.segments],
      masked: translated.masked,
    },
    model: { folder: pair.folder, name: pair.name, id: translator.id },
    ...translator.shape,
    segments: [...segments],
  };
}

/** No model is loaded for it. */
function leftAsItIs(
  observation: number,
  text: string,
  { folder, name, from, to }: LanguagePair,
  alreadyInTarget: boolean,
): ReplyOf<'observe'> {
  return {
    observation,
    translation: { text, from, to, alreadyInTarget, segments: [], masked: false },
    model: { folder, name, id: '' },
    encoderLayers: 0,
    decoderLayers: 0,
    heads: 0,
    segments: [],
  };
}

/** The handler of `attention`. */
export async function attentionRequest(
  { observation, segment, kind, layer }: ParametersOf<'attention'>,
  { models, observations, signal }: Pick<ObserveRequestOptions, 'models' | 'observations' | 'signal'>,
): Promise<ReplyOf<'attention'>> {
  const { folder, modelId, pairs } = observations.get(observation);
  const tokens = isWhole(segment, 0, pairs.length - 1) ? pairs[segment] : undefined;
  if (tokens === undefined) {
    throw new UserError(
      `There is no segment ${show(segment)} in this observation: it has ${pairs.length}, numbered from 0.`,
    );
  }
  if (!attentionKinds.includes(kind))
    throw new UserError(`There is no attention ${show(kind)}: ask for one of ${attentionKinds.join(', ')}.`);
  let attention = observations.attention(observation, segment);
  if (attention === undefined) {
    if (!models.has(folder)) throw observationGone();
    attention = await inTurn(models.get(folder), signal, (loaded) => {
      if (loaded.id !== modelId) throw observationGone();
      return loaded.attention(tokens, signal);
    });
    observations.keepAttention(observation, segment, attention);
  }
  const map = attention[kind];
  if (layer !== 'mean' && !isWhole(layer, 0, map.layers - 1)) {
    throw new UserError(
      `There is no layer ${show(layer)} of ${kind} attention: ask for one from 0 to ${map.layers - 1}, or for the “mean”.`,
    );
  }
  const { heads, queries, keys } = map;
  return { heads, queries, keys, weights: layerOf(map, layer) };
}

async function choosePair(
  { from, to, preferredTarget, text, target, folder }: ParametersOf<'observe'>,
  { readPairs, choose }: ObserveRequestOptions,
): Promise<LanguageChoice> {
  if (folder !== undefined) {
    const pair = (await readPairs()).find((candidate) => candidate.folder === folder);
    return { pair: pair ?? (await describe(folder)), alreadyInTarget: false };
  }
  const [choice] = await choose({ from, to, preferredTarget, texts: [text] });
  // Who gives a translation knows which way it goes.
  return target === undefined ? choice! : { pair: choice!.pair, alreadyInTarget: false };
}

async function describe(folder: string): Promise<LanguagePair> {
  if (!path.isAbsolute(folder))
    throw new UserError(`“folder” must be the absolute path of a model, not ${show(folder)}.`);
  const { from, to, name } = await readModelConfig(folder);
  return { from, to, name, folder };
}

/** A page of the editor's browser may be behind a request, so that anything can be in it. */
function checkObserve(parameters: ParametersOf<'observe'>): void {
  const { characters, targetCharacters, ...counts } = observationLimits;
  for (const key of ['from', 'to', 'preferredTarget', 'text'] as const) checkText(key, parameters[key]);
  const { target, folder } = parameters;
  if (target !== undefined) checkText('target', target, targetCharacters);
  if (folder !== undefined) checkText('folder', folder);
  for (const key of ['candidates', 'alternatives'] as const) {
    if (!isWhole(parameters[key], 0, counts[key])) {
      throw new UserError(
        `“${key}” must be a whole number from 0 to ${counts[key]}, not ${show(parameters[key])}.`,
      );
    }
  }
  const { minimumConfidence = 0, keep = [] } = parameters;
  if (!Array.isArray(keep) || keep.some((part) => typeof part !== 'string'))
    throw new UserError(`“keep” must be a list of texts, not ${show(keep)}.`);
  checkText('keep', keep.join('\n'));
  if (!(typeof minimumConfidence === 'number' && minimumConfidence >= 0 && minimumConfidence <= 1))
    throw new UserError(`“minimumConfidence” must be between 0 and 1, not ${show(minimumConfidence)}.`);

  function checkText(key: string, value: unknown, most: number = characters): void {
    if (typeof value !== 'string') throw new UserError(`“${key}” must be a text, not ${show(value)}.`);
    if (value.length <= most) return;
    throw new UserError(
      `“${key}” has ${value.length} characters; at most ${most} can be looked at at once. Take a part of it.`,
    );
  }
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
