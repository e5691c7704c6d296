/**
 * What the engine says of the texts that hovers ask about, kept for the next look at them.
 */
import type { ParametersOf, ReplyOf } from '../../models/engine/protocol';
import { EngineError } from '../engine/engineError';
import type { Engines } from '../engine/engines';
import { alignmentOf, type Alignment } from './alignment';
import { HoverCache, type Origin } from './hoverCache';

export type HoverRequest = Omit<ParametersOf<'observe'>, 'candidates' | 'alternatives' | 'target' | 'folder'>;

export interface HoverTranslation extends Origin {
  readonly request: HoverRequest;
  readonly reply: ReplyOf<'observe'>;
  /** By segment, as they are asked for; `undefined` where there is too much for a picture. */
  readonly alignments: Map<number, Alignment | undefined>;
}

/** A few files' worth of comments; each takes some ten kilobytes. */
const mostTranslations = 200;

export class HoverTranslations {
  readonly #cache = new HoverCache<HoverTranslation>(mostTranslations);

  constructor(private readonly engines: Pick<Engines, 'observe' | 'attention'>) {}

  /** @throws EngineError */
  async translate(request: HoverRequest, signal: AbortSignal): Promise<HoverTranslation> {
    return this.#cache.get(keyOf(request)) ?? this.#observe(request, signal);
  }

  /** Other models than before may answer. */
  forget(): void {
    this.#cache.clear();
  }

  /**
   * Where in a segment the model looked.
   *
   * @throws EngineError
   */
  async alignment(
    translation: HoverTranslation,
    segment: number,
    signal: AbortSignal,
  ): Promise<Alignment | undefined> {
    const { alignments, request } = translation;
    if (alignments.has(segment)) return alignments.get(segment);
    const { reply, weights } = await this.#attention(translation, segment, signal);
    const { sourceTokens, targetTokens } = reply.segments[segment]!;
    const alignment = alignmentOf(
      { text: request.text, tokens: sourceTokens },
      { text: reply.translation.text, tokens: targetTokens },
      weights,
    );
    alignments.set(segment, alignment);
    return alignment;
  }

  async #observe(request: HoverRequest, signal: AbortSignal): Promise<HoverTranslation> {
    const reply = await this.engines.observe({ ...request, candidates: 0, alternatives: 0 }, { signal });
    const { from, to } = reply.translation;
    const translation: HoverTranslation = {
      request,
      reply,
      modelId: reply.model.id,
      pair: `${from} → ${to}`,
      alignments: new Map(),
    };
    this.#cache.set(keyOf(request), translation);
    return translation;
  }

  async #attention(
    { request, reply }: HoverTranslation,
    segment: number,
    signal: AbortSignal,
  ): Promise<{ reply: ReplyOf<'observe'>; weights: ReplyOf<'attention'> }> {
    const asked = { segment, kind: 'cross', layer: 'mean' } as const;
    try {
      const { observation } = reply;
      return { reply, weights: await this.engines.attention({ observation, ...asked }, { signal }) };
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'user') throw error;
      // The engine has let the observation go, or is another one.
      const again = await this.#observe(request, signal);
      const { observation } = again.reply;
      return {
        reply: again.reply,
        weights: await this.engines.attention({ observation, ...asked }, { signal }),
      };
    }
  }
}

function keyOf(request: HoverRequest): string {
  return JSON.stringify(request);
}
