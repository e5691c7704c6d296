/** Attention as numbers, and what is taken of it. Knows no onnxruntime, so that it can be used before that is loaded. */

/** Attention of one kind: `[layer, head, query, key]`; each row of keys sums to 1. */
export interface AttentionMap {
  readonly layers: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly weights: Float32Array;
}

/** By kind: the encoder's and the decoder's self-attention, and the decoder's attention to the source. */
export interface Attention {
  readonly encoder: AttentionMap;
  readonly decoder: AttentionMap;
  readonly cross: AttentionMap;
}

/** One layer, or the mean over all, as an array of its own: `[head, query, key]`. */
export function layerOf({ layers, weights }: AttentionMap, layer: number | 'mean'): Float32Array {
  const size = weights.length / layers;
  if (layer !== 'mean') return weights.slice(layer * size, (layer + 1) * size);
  const mean = new Float32Array(size);
  for (let place = 0; place < size; place++) {
    let sum = 0;
    for (let of = 0; of < layers; of++) sum += weights[of * size + place]!;
    mean[place] = sum / layers;
  }
  return mean;
}

/** Bytes that an attention takes in memory. */
export function bytesOf({ encoder, decoder, cross }: Attention): number {
  return encoder.weights.byteLength + decoder.weights.byteLength + cross.weights.byteLength;
}
