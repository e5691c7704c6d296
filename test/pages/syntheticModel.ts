/**
 * A model that was never trained: it says something for every text, and its heads look as heads do, each in its own
 * way. The same text always gives the same.
 */
import type {
  AttentionKind,
  Observation,
  Segment,
  SourceToken,
  TargetToken,
  Walk,
  WalkedAttention,
  Weights,
} from '../../webview/attention/messages';

export interface Shape {
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly heads: number;
}

const words: Readonly<Record<string, string>> = {
  the: 'Das',
  old: 'alte',
  program: 'Programm',
  shows: 'zeigt',
  a: 'eine',
  short: 'kurze',
  message: 'Nachricht',
  when: 'wenn',
  file: 'Datei',
  has: 'hat',
  been: 'worden',
  changed: 'geändert',
};

/** A number of 0 … 1 for every key, always the same. */
export function noise(...keys: number[]): number {
  let state = 0x9e3779b9;
  for (const key of keys) {
    state = Math.imul(state ^ (key + 0x7f4a7c15), 0x85ebca6b);
    state ^= state >>> 13;
  }
  state = Math.imul(state ^ (state >>> 16), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
}

function piecesOf(text: string, from: number): SourceToken[] {
  const pieces = [...text.matchAll(/\s*(?:[\p{L}\p{N}]{1,6}|[^\s])/gu)].map(({ 0: piece, index }) => {
    const bare = piece.trimStart();
    const start = from + index + (piece.length - bare.length);
    return { text: piece === bare ? bare : `▁${bare}`, start, end: start + bare.length };
  });
  const end = from + text.length;
  return [...pieces, { text: '</s>', start: end, end }];
}

function translate(text: string): string {
  return text.replace(/\p{L}+/gu, (word) => words[word.toLowerCase()] ?? `${word}en`);
}

export function observe(text: string, target: string | undefined, name: string, shape: Shape): Observation {
  const seed = name.length;
  const sentences = [...text.matchAll(/[^.!?]+[.!?]*/g)];
  let translation = '';
  const segments: Segment[] = [];
  for (const [index, { 0: sentence, index: at }] of sentences.entries()) {
    if (sentence.trim() === '') continue;
    const said = target !== undefined ? (index === 0 ? target : '') : translate(sentence);
    const start = translation.length;
    translation += said;
    const targetTokens = piecesOf(said, start).map((piece, place): TargetToken => {
      const probability =
        target === undefined ? 0.35 + 0.64 * noise(seed, place, 1) : 0.9 * noise(seed, place, 2);
      const rest = 1 - probability;
      return {
        ...piece,
        probability,
        candidates: [
          { text: piece.text, probability },
          { text: '▁jene', probability: rest * 0.5 },
          { text: '▁manche', probability: rest * 0.25 },
          { text: 'er', probability: rest * 0.12 },
          { text: '</s>', probability: rest * 0.05 },
        ].sort((one, other) => other.probability - one.probability),
      };
    });
    segments.push({
      source: { start: at, end: at + sentence.length },
      target: { start, end: translation.length },
      sourceTokens: piecesOf(sentence, at),
      targetTokens,
      alternatives:
        target === undefined
          ? [said, `${said.trim()} doch`, said.replace('Nachricht', 'Meldung')].map((alternative, rank) => ({
              text: alternative,
              score: -0.4 - 0.21 * rank,
            }))
          : [],
      ...(target === undefined && { confidence: 0.71 }),
    });
  }
  return {
    observation: Math.floor(noise(text.length, seed) * 1e9),
    translation,
    from: 'en',
    to: 'de',
    pair: 'English → German',
    alreadyInTarget: false,
    model: { folder: `/models/${name}`, name, id: 'ab'.repeat(32) },
    ...shape,
    segments,
  };
}

/** How a head looks, as scores before the softmax. */
const habits: readonly ((query: number, key: number, ratio: number) => number)[] = [
  (query, key, ratio) => -2.2 * Math.abs(key - query * ratio),
  (query, key, ratio) => -2.5 * Math.abs(key - query * ratio + 1),
  (query, key, ratio) => -2.5 * Math.abs(key - query * ratio - 1),
  (_query, key) => (key === 0 ? 3 : 0),
  () => 0,
  (query, key, ratio) => -0.35 * Math.abs(key - query * ratio),
  (query, key) => (key % 5 === query % 5 ? 2.5 : 0),
  (query, key, ratio) => -1.1 * Math.abs(key - (query * ratio) / 2),
];

/** Weights that sum to one in every row, `[head, query, key]`; the decoder sees nothing that comes later. */
export function attend(
  kind: AttentionKind,
  layer: number,
  heads: number,
  queries: number,
  keys: number,
): Weights {
  const weights = new Float32Array(heads * queries * keys);
  const ratio = keys / Math.max(1, queries);
  for (let head = 0; head < heads; head++) {
    const habit = habits[(head + layer * 3 + kind.length) % habits.length]!;
    for (let query = 0; query < queries; query++) {
      const at = (head * queries + query) * keys;
      let sum = 0;
      for (let key = 0; key < keys; key++) {
        if (kind === 'decoder' && key > query) break;
        const score = habit(query, key, kind === 'cross' ? ratio : 1) + 1.5 * noise(layer, head, query, key);
        sum += weights[at + key] = Math.exp(score);
      }
      for (let key = 0; key < keys; key++) weights[at + key]! /= sum;
    }
  }
  return { heads, queries, keys, weights };
}

/** What a token meets on its way through this model. */
export function walkThrough(
  { sourceTokens, targetTokens }: Segment,
  route: { source: number; target: number; encoderLayer: number; decoderLayer: number; head: number },
  { encoderLayers, decoderLayers, heads }: Shape,
): Walk {
  const [dModel, dKey, dFf] = [256, 64, 1024];
  const vector = (length: number, seed: number): Float32Array =>
    Float32Array.from({ length }, (_, at) => 2 * noise(seed, at, route.source, route.head) - 1);
  const attention = (
    kind: AttentionKind,
    query: number,
    queries: number,
    keys: number,
    seen: number,
  ): WalkedAttention => {
    const { weights } = attend(kind, route.encoderLayer, heads, queries, keys);
    const at = (route.head * queries + query) * keys;
    const row = weights.slice(at, at + seen);
    return {
      query: vector(dKey, 3),
      scores: row.map((weight) => Math.log(weight) + 4),
      weights: row,
      context: vector(dKey, 4),
    };
  };
  const [source, target] = [sourceTokens.length, targetTokens.length];
  const row = vector(dModel, 1).map((value) => value / 16);
  const position = Float32Array.from({ length: dModel }, (_, at) =>
    (at % 2 === 0 ? Math.sin : Math.cos)(route.source / 10_000 ** ((at - (at % 2)) / dModel)),
  );
  return {
    model: {
      ...{ dModel, heads, dKey, dFf, encoderLayers, decoderLayers, vocabularySize: 8000 },
      ...{ normalisation: 'pre', activation: 'relu', positions: 'interleaved', embeddingScale: 16 },
    },
    sourceId: 1200 + route.source,
    targetId: 3400 + route.target,
    embedding: { row, position, sum: row.map((value, at) => value * 16 + position[at]!) },
    encoder: attention('encoder', route.source, source, source, source),
    decoder: attention('decoder', route.target, target, target, route.target + 1),
    cross: attention('cross', route.target, target, source, source),
    activations: { encoder: vector(dFf, 5).map((value) => Math.max(0, value)), decoder: vector(dFf, 6) },
    states: { encoder: vector(dModel, 7), decoder: vector(dModel, 8) },
    logits: targetTokens[route.target]!.candidates.map(({ text, probability }) => ({
      text,
      logit: Math.log(probability) + 12,
      probability,
    })),
  };
}
