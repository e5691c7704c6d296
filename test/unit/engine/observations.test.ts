/** What is kept of observations, and what becomes of requests for the rest. */
import { beforeEach, describe, expect, it } from 'vitest';
import { LoadedModels, type Attention, type Translator } from '../../../models/engine/loadedModels';
import { Observations } from '../../../models/engine/observations';
import { attentionRequest } from '../../../models/engine/observeRequest';
import { UserError } from '../../../models/userError';

const signal = new AbortController().signal;
const folder = '/models/en-de';
const pairs = [1, 2, 3].map((place) => ({ source: [place], target: [place] }));

/** 1200 bytes. */
function attentionOf(value: number): Attention {
  const map = { layers: 1, heads: 1, queries: 10, keys: 10, weights: new Float32Array(100).fill(value) };
  return { encoder: map, decoder: map, cross: map };
}

describe('attention that is asked for', () => {
  let observations: Observations;
  let models: LoadedModels;
  let computed: number[];
  let id: number;
  let weightsId: string;

  beforeEach(() => {
    computed = [];
    weightsId = 'weights';
    const translator: Pick<Translator, 'id' | 'attention'> = {
      get id() {
        return weightsId;
      },
      attention({ source: [place = 0] }) {
        computed.push(place);
        return Promise.resolve(attentionOf(place));
      },
    };
    models = new LoadedModels(
      () => Promise.resolve(translator as Translator),
      () => undefined,
    );
    models.get(folder);
    observations = new Observations(2 * 1200);
    id = observations.begin();
    pairs.forEach((_, segment) => observations.keepAttention(id, segment, attentionOf(segment + 1)));
    observations.keep(id, { folder, modelId: 'weights', pairs });
  });
  const ask = async (segment: number) => {
    const asked = { observation: id, segment, kind: 'cross', layer: 0 } as const;
    return (await attentionRequest(asked, { models, observations, signal })).weights[0];
  };

  it('is computed where it did not fit, and what was used longest ago makes room', async () => {
    expect(await ask(1)).toBe(2);
    expect(await ask(2)).toBe(3);
    expect(computed).toEqual([]);
    expect(await ask(0)).toBe(1);
    expect(await ask(2)).toBe(3);
    expect(computed).toEqual([1]);
    expect(await ask(1)).toBe(2);
    expect(computed).toEqual([1, 2]);
  });

  it('is kept alone where it is larger than all that may be kept', async () => {
    observations = new Observations(1);
    id = observations.begin();
    pairs.forEach((_, segment) => observations.keepAttention(id, segment, attentionOf(segment + 1)));
    observations.keep(id, { folder, modelId: 'weights', pairs });
    expect(await ask(2)).toBe(3);
    expect(computed).toEqual([]);
    expect(await ask(0)).toBe(1);
    expect(await ask(0)).toBe(1);
    expect(computed).toEqual([1]);
  });

  it('goes with the observation', async () => {
    observations.release(id);
    const other = observations.begin();
    pairs.forEach((_, segment) => observations.keepAttention(other, segment, attentionOf(segment + 5)));
    // Had the first one’s bytes not been let go, only one would fit.
    expect([0, 1, 2].filter((segment) => observations.attention(other, segment))).toEqual([1, 2]);
    await expect(ask(0)).rejects.toThrow(UserError);
  });

  it('is not computed by another model than the one that was observed', async () => {
    weightsId = 'others';
    await expect(ask(0)).rejects.toThrow('This observation is no longer kept. Observe the text again.');
    weightsId = 'weights';
    models.keepOnly([]);
    await expect(ask(0)).rejects.toThrow('This observation is no longer kept. Observe the text again.');
    expect(computed).toEqual([]);
  });
});
