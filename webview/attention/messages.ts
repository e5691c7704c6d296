/**
 * The door between the attention page and its host: every request with its parameters and reply, every event, and
 * what the page is given when it starts. Both sides check what they get.
 */
import * as v from 'valibot';
import type { Door } from '../components/messages';
import { attentionTextNames } from './textNames';

/** The most that is looked at at once. */
export const mostCharacters = 10_000;
/** Of a translation that is given: that of the longest text is longer than it. */
export const mostTargetCharacters = 40_000;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const text = v.pipe(v.string(), v.maxLength(mostCharacters));
const target = v.pipe(v.string(), v.maxLength(mostTargetCharacters));
const tag = v.pipe(v.string(), v.maxLength(35));
const folder = v.pipe(v.string(), v.maxLength(4096));
/** UTF-16 offsets, [start, end). */
const stretch = v.object({ start: count, end: count });

export const attentionKinds = ['encoder', 'decoder', 'cross'] as const;
const kind = v.picklist(attentionKinds);
export type AttentionKind = v.InferOutput<typeof kind>;

/** A model that can be looked into. */
const model = v.object({
  folder,
  /** For a person; two may have the same. */
  name: v.string(),
  from: tag,
  to: tag,
  /** The pair in words. */
  pair: v.string(),
});
export type Model = v.InferOutput<typeof model>;

/** A text that the panel is opened with. */
export const shown = v.object({
  text,
  from: v.exactOptional(tag),
  to: v.exactOptional(tag),
  folder: v.exactOptional(folder),
});
export type Shown = v.InferOutput<typeof shown>;

/** `▁Wort` with its space marked, `<0x0A>` for a byte, `</s>` for the end. */
const piece = v.object({ ...stretch.entries, text: v.string() });
export type SourceToken = v.InferOutput<typeof piece>;

const candidate = v.object({ text: v.string(), probability });
export type Candidate = v.InferOutput<typeof candidate>;

const targetToken = v.object({ ...piece.entries, probability, candidates: v.array(candidate) });
export type TargetToken = v.InferOutput<typeof targetToken>;

const segment = v.object({
  source: stretch,
  target: stretch,
  sourceTokens: v.array(piece),
  targetTokens: v.array(targetToken),
  /** Beam search's, best first; the score is a log-probability over the length penalty. */
  alternatives: v.array(v.object({ text: v.string(), score: v.number() })),
  confidence: v.exactOptional(probability),
});
export type Segment = v.InferOutput<typeof segment>;

/** A text with its translation, and how it came about. */
const observation = v.object({
  /** Stands for it in other requests. */
  observation: count,
  translation: v.string(),
  from: tag,
  to: tag,
  /** The pair in words. */
  pair: v.string(),
  /** The text is in the target language already, and was not translated. */
  alreadyInTarget: v.boolean(),
  model: v.object({ folder, name: v.string(), id: v.string() }),
  encoderLayers: count,
  decoderLayers: count,
  heads: count,
  segments: v.array(segment),
});
export type Observation = v.InferOutput<typeof observation>;

/** `weights` `[head, query, key]`; each row of keys sums to 1. */
const floats = v.custom<Float32Array>((value) => value instanceof Float32Array);
const weights = v.pipe(
  v.object({ heads: count, queries: count, keys: count, weights: floats }),
  v.check(({ heads, queries, keys, weights: values }) => values.length === heads * queries * keys),
);
export type Weights = v.InferOutput<typeof weights>;

const walkedAttention = v.object({
  query: floats,
  /** q·k/√dₖ of each key that may be seen, before the softmax, and after it. */
  scores: floats,
  weights: floats,
  context: floats,
});
export type WalkedAttention = v.InferOutput<typeof walkedAttention>;

/** What a token meets on its way through the model. */
const walk = v.object({
  model: v.object({
    ...{ dModel: count, heads: count, dKey: count, dFf: count, encoderLayers: count, decoderLayers: count },
    vocabularySize: count,
    normalisation: v.picklist(['pre', 'post']),
    activation: v.string(),
    positions: v.string(),
    embeddingScale: v.number(),
  }),
  sourceId: count,
  targetId: count,
  embedding: v.object({ row: floats, position: floats, sum: floats }),
  encoder: walkedAttention,
  decoder: walkedAttention,
  cross: walkedAttention,
  activations: v.object({ encoder: floats, decoder: floats }),
  states: v.object({ encoder: floats, decoder: floats }),
  logits: v.array(v.object({ text: v.string(), logit: v.number(), probability })),
});
export type Walk = v.InferOutput<typeof walk>;

export const pictureFormats = ['svg', 'png', 'json'] as const;

export const attentionDoor = {
  requests: {
    /** What the page shows at first, and which models there are. */
    start: {
      parameters: v.object({}),
      reply: v.object({ shown: v.nullable(shown), models: v.array(model) }),
    },
    /** Translates a text, or takes the translation `target` as given, and tells how it came about. */
    observe: {
      parameters: v.object({
        ...shown.entries,
        target: v.exactOptional(target),
      }),
      reply: observation,
    },
    /** The weights of one layer; `mean`: of all layers, head by head. */
    attention: {
      parameters: v.object({
        observation: count,
        segment: count,
        kind,
        layer: v.union([count, v.literal('mean')]),
      }),
      reply: weights,
    },
    /** Every value on the way of a token of the source, and at a place of the target. */
    walk: {
      parameters: v.object({
        ...{ observation: count, segment: count, source: count, target: count },
        ...{ encoderLayer: count, decoderLayer: count, head: count },
      }),
      reply: walk,
    },
    /** Lets an observation go. */
    release: { parameters: v.object({ observation: count }), reply: v.null() },
    /** Has the person save a picture or numbers; `saved` false: thought better of. */
    save: {
      parameters: v.object({
        format: v.picklist(pictureFormats),
        /** Of the file, without its ending. */
        name: v.pipe(v.string(), v.maxLength(100)),
        content: v.union([v.string(), v.custom<Uint8Array>((value) => value instanceof Uint8Array)]),
      }),
      reply: v.object({ saved: v.boolean() }),
    },
  },
  events: {
    /** The command was run again. */
    shown,
  },
} as const satisfies Door;

export type AttentionDoor = typeof attentionDoor;

const texts = v.object(
  Object.fromEntries(attentionTextNames.map((name) => [name, v.string()])) as Record<
    (typeof attentionTextNames)[number],
    v.StringSchema<undefined>
  >,
);
/** Everything that the page says, in the person's language; {0}, {1} … are filled in by the page. */
export type AttentionTexts = v.InferOutput<typeof texts>;

export const attentionStart = v.object({ texts });
