/** What a Transformer is made of, as data: the paper's sizes (Table 3) and what other models vary. */
import { shorten, show, UserError } from '../userError';

export const activations = ['relu', 'gelu', 'swish'] as const;
export const normalisations = ['post', 'pre'] as const;
export const positionLayouts = ['interleaved', 'halves'] as const;
export const positionKinds = [...positionLayouts, 'learned'] as const;

export interface TransformerConfig {
  readonly vocabularySize: number;
  readonly dModel: number;
  readonly heads: number;
  /** Width of a head's queries and keys, dₖ. */
  readonly dKey: number;
  /** Width of a head's values, dᵥ. */
  readonly dValue: number;
  readonly dFf: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  /** Where layer normalisation stands: after each residual sum (§5.4 as published) or before each sub-layer. */
  readonly normalisation: (typeof normalisations)[number];
  readonly activation: (typeof activations)[number];
  /** §3.5 interleaves sines and cosines; others put all sines first, or learn a vector a position (Table 3, row E). */
  readonly positions: (typeof positionKinds)[number];
  /** Only with learned positions, which end somewhere: how many there are, in source and target each. */
  readonly maximumPositions?: number;
  /** Embeddings times √dModel (§3.4). */
  readonly scaleEmbeddings: boolean;
  /** A bias on the logits. */
  readonly outputBias: boolean;
  readonly normEpsilon: number;
  readonly paddingToken: number;
  readonly endToken: number;
  /** What the decoder sees before the first target token. */
  readonly decoderStartToken: number;
}

type Preset = Pick<
  TransformerConfig,
  'dModel' | 'heads' | 'dFf' | 'encoderLayers' | 'decoderLayers' | 'normalisation'
>;

/** `base` and `big` are the paper's (Table 3); `small` is what two cores train in an hour; `tiny` is for trying things out. */
export const presets = {
  tiny: { dModel: 64, heads: 4, dFf: 256, encoderLayers: 2, decoderLayers: 2, normalisation: 'pre' },
  small: { dModel: 256, heads: 4, dFf: 1024, encoderLayers: 3, decoderLayers: 3, normalisation: 'pre' },
  base: { dModel: 512, heads: 8, dFf: 2048, encoderLayers: 6, decoderLayers: 6, normalisation: 'post' },
  big: { dModel: 1024, heads: 16, dFf: 4096, encoderLayers: 6, decoderLayers: 6, normalisation: 'post' },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;

/** A preset over our own vocabulary (models/text/reservedTokens.ts), with anything changed that `changes` names. */
export function presetConfig(
  preset: PresetName,
  vocabularySize: number,
  changes: Partial<TransformerConfig> = {},
): TransformerConfig {
  return completeConfig(preset, vocabularySize, changes, `The preset “${preset}”`);
}

/** What learned positions reach unless more is asked for: pairs of up to 200 tokens, the default of `train`. */
const defaultPositions = 256;

/** As presetConfig, with a sentence that starts with `where` for changes that come from elsewhere. */
export function completeConfig(
  preset: PresetName,
  vocabularySize: number,
  changes: Partial<TransformerConfig>,
  where: string,
): TransformerConfig {
  const sizes = { ...presets[preset], ...changes };
  return validateConfig(
    {
      activation: 'relu',
      positions: 'interleaved',
      scaleEmbeddings: true,
      outputBias: false,
      normEpsilon: 1e-5,
      paddingToken: 0,
      endToken: 2,
      decoderStartToken: 1,
      dKey: sizes.dModel / sizes.heads,
      dValue: sizes.dModel / sizes.heads,
      ...(changes.positions === 'learned' && { maximumPositions: defaultPositions }),
      ...sizes,
      vocabularySize,
    },
    where,
  );
}

/** What a variation of a preset may change; the rest belongs to the vocabulary. */
export type ModelChanges = Partial<
  Omit<TransformerConfig, 'vocabularySize' | 'paddingToken' | 'endToken' | 'decoderStartToken'>
>;

/** Checks changes to a preset that may come from a file; throws a sentence that starts with `where`. */
export function validateChanges(value: unknown, preset: PresetName, where: string): ModelChanges {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError(
      `${where} holds no changes to a model: it must be a JSON object, such as {"heads": 1}.`,
    );
  const unknown = Object.keys(value).find((key) => !changeable.includes(key));
  if (unknown !== undefined) {
    throw new UserError(
      `${where}: “${shorten(unknown)}” cannot be changed there; what can is ${changeable.join(', ')}.`,
    );
  }
  completeConfig(preset, reservedOnly, value, where);
  return value;
}

/** The least vocabulary that has all tokens a configuration names. */
const reservedOnly = 3;

const sizeLimits = {
  vocabularySize: 1_000_000,
  dModel: 16_384,
  heads: 256,
  dKey: 4096,
  dValue: 4096,
  dFf: 65_536,
  encoderLayers: 100,
  decoderLayers: 100,
} as const;

const choices = {
  normalisation: normalisations,
  activation: activations,
  positions: positionKinds,
} as const;

const mostPositions = 65_536;

/** Checks values that may come from a file; throws a sentence that starts with `where`. */
export function validateConfig(value: unknown, where: string): TransformerConfig {
  if (typeof value !== 'object' || value === null)
    throw new UserError(`${where} holds no model configuration.`);
  const config = value as Record<string, unknown>;
  const fail = (key: string, expected: string): never => {
    throw new UserError(`${where}: “${key}” must be ${expected}, not ${show(config[key])}.`);
  };
  for (const [key, limit] of Object.entries(sizeLimits)) {
    if (!isInteger(config[key], 1, limit)) fail(key, `a whole number from 1 to ${limit}`);
  }
  if ((config['dModel'] as number) % 2 !== 0) fail('dModel', 'even (sines and cosines share it)');
  for (const [key, allowed] of Object.entries(choices)) {
    if (!(allowed as readonly unknown[]).includes(config[key])) fail(key, `one of ${allowed.join(', ')}`);
  }
  checkPositions(config, fail);
  for (const key of ['scaleEmbeddings', 'outputBias']) {
    if (typeof config[key] !== 'boolean') fail(key, 'true or false');
  }
  for (const key of ['paddingToken', 'endToken', 'decoderStartToken']) {
    if (!isInteger(config[key], 0, (config['vocabularySize'] as number) - 1))
      fail(key, 'a token of the vocabulary');
  }
  const epsilon = config['normEpsilon'];
  if (typeof epsilon !== 'number' || !(epsilon > 0 && epsilon < 1)) fail('normEpsilon', 'between 0 and 1');
  return pick(config);
}

function checkPositions(
  config: Record<string, unknown>,
  fail: (key: string, expected: string) => never,
): void {
  const key = 'maximumPositions';
  if (config['positions'] === 'learned') {
    if (!isInteger(config[key], 1, mostPositions)) fail(key, `a whole number from 1 to ${mostPositions}`);
  } else if (config[key] !== undefined) {
    fail(key, 'left out unless “positions” is learned (sines and cosines have no end)');
  }
}

function isInteger(value: unknown, low: number, high: number): boolean {
  return Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
}

const keys = [
  ...Object.keys(sizeLimits),
  ...Object.keys(choices),
  'scaleEmbeddings',
  'outputBias',
  'normEpsilon',
  'paddingToken',
  'endToken',
  'decoderStartToken',
];

const changeable = [
  ...Object.keys(sizeLimits).filter((key) => key !== 'vocabularySize'),
  ...Object.keys(choices),
  'maximumPositions',
  'scaleEmbeddings',
  'outputBias',
  'normEpsilon',
];

function pick(config: Record<string, unknown>): TransformerConfig {
  const present = config['positions'] === 'learned' ? [...keys, 'maximumPositions'] : keys;
  return Object.fromEntries(present.map((key) => [key, config[key]])) as unknown as TransformerConfig;
}
