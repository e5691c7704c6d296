/** What the page keeps, what it asks for, and what its door lets through. */
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import {
  attentionDoor,
  type AttentionTexts,
  type Observation,
  type Segment,
} from '../../../webview/attention/messages';
import {
  depthOf,
  fittingHeads,
  fittingLayer,
  lacksHeads,
  lacksLayer,
  layersOf,
  mostHeads,
  neededWalk,
  neededWeights,
} from '../../../webview/attention/neededWeights';
import { Pointing } from '../../../webview/attention/pointing';
import { attentionTextNames } from '../../../webview/attention/textNames';
import { caption } from '../../../webview/attention/views/caption';
import { initialView, restoredView, type ViewState } from '../../../webview/attention/viewState';
import { someObservation } from './someObservation';

const [some] = someObservation.segments as [Segment];
const segment: Segment = { ...some, sourceTokens: [...some.sourceTokens, ...some.sourceTokens] };
const observation: Observation = {
  ...someObservation,
  encoderLayers: 4,
  heads: 3,
  segments: [segment, { ...segment, targetTokens: [] }],
};

describe('the view’s state', () => {
  it('comes back as it was', () => {
    const left = { ...initialView, text: 'Hello', view: 'heads' as const, heads: [1, 3], layer: 2 };
    expect(restoredView(JSON.parse(JSON.stringify(left)))).toEqual(left);
  });

  it.each([
    undefined,
    null,
    'text',
    [],
    {},
    { ...initialView, view: 'nonsense' },
    { ...initialView, zoom: 99 },
    { ...initialView, models: [] },
    { ...initialView, models: ['a', 'b', 'c'] },
    { ...initialView, text: 'x'.repeat(10_001) },
  ])('is the first one where %j comes back', (saved) => {
    expect(restoredView(saved)).toEqual(initialView);
  });

  it.each([
    ['a kept piece', { pinned: { side: 'left', index: 0, as: null } }],
    ['a translation', { target: 'x'.repeat(40_001) }],
  ])('loses %s that cannot be, and nothing else', (_name, change) => {
    const left = { ...initialView, text: 'Hello', view: 'table' as const };
    expect(restoredView({ ...left, ...change })).toEqual(left);
  });

  it('keeps a translation that is longer than any text may be', () => {
    const left = { ...initialView, text: 'Hello', target: 'x'.repeat(40_000) };
    expect(restoredView(left)).toEqual(left);
  });
});

describe('the weights that a view needs', () => {
  const needed = (change: object) => neededWeights({ ...initialView, ...change }, observation);

  it('are every layer’s for all heads and numbers, as many as the stack has', () => {
    expect(needed({ view: 'grid', kind: 'encoder' }).map(({ layer }) => layer)).toEqual([0, 1, 2, 3]);
    expect(needed({ view: 'table', kind: 'cross' }).map(({ layer }) => layer)).toEqual([0, 1]);
    expect(layersOf('decoder', observation)).toBe(2);
  });

  it('are one layer’s for lines and heat map', () => {
    expect(needed({ view: 'heads', kind: 'cross', layer: 1 })).toEqual([
      { segment: 0, kind: 'cross', layer: 1 },
    ]);
    expect(needed({ view: 'alignment', layer: 'mean' })).toHaveLength(1);
  });

  it('are none of a layer that this model does not have', () => {
    expect(needed({ view: 'alignment', kind: 'encoder', layer: 2 })).toHaveLength(1);
    expect(needed({ view: 'alignment', kind: 'cross', layer: 2 })).toEqual([]);
    expect(needed({ view: 'heads', kind: 'cross', layer: 2 })).toEqual([]);
    expect(needed({ view: 'grid', kind: 'cross', layer: 2 })).toHaveLength(2);
    const view = { view: 'heads', kind: 'cross', layer: 1 } as const;
    expect([1, 2, 'mean' as const].map((layer) => lacksLayer({ ...view, layer }, observation))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('are none of heads of which this model has none', () => {
    expect(needed({ view: 'alignment', heads: [6] })).toEqual([]);
    expect(needed({ view: 'heads', heads: [6, 7] })).toEqual([]);
    expect(needed({ view: 'heads', heads: [2, 7] })).toHaveLength(1);
    expect(needed({ view: 'grid', heads: [6] })).toHaveLength(2);
    const lacks = (heads: number[]) => lacksHeads({ view: 'alignment', heads }, observation);
    expect([[], [2], [3], [0, 3], [3, 4]].map(lacks)).toEqual([false, false, true, false, true]);
  });

  it('are none for the walk, for a sentence that was left, and for one that is not there', () => {
    expect(needed({ view: 'walk' })).toEqual([]);
    expect(needed({ segment: 1 })).toEqual([]);
    expect(needed({ segment: 5 })).toEqual([]);
  });

  it('are a walk’s instead, within what this model and sentence have', () => {
    const walk = { step: 3, source: 9, target: 9, layer: 3, head: 7 };
    expect(neededWalk({ ...initialView, view: 'walk', walk }, observation)).toEqual({
      segment: 0,
      source: 1,
      target: 0,
      encoderLayer: 3,
      decoderLayer: 1,
      head: 2,
    });
    expect(neededWalk({ ...initialView, view: 'grid' }, observation)).toBeUndefined();
  });
});

describe('the layers to choose from', () => {
  const shallow = { observation };
  const deep = { observation: { ...observation, decoderLayers: 6 } };
  const none = { observation: null };

  it('are those of the deepest model that has answered', () => {
    expect(depthOf('cross', [shallow, deep, none])).toBe(6);
    expect(depthOf('encoder', [shallow, deep])).toBe(4);
    expect(depthOf('cross', [none])).toBe(0);
  });

  it('leave the layer that was chosen, or else the mean', () => {
    expect(fittingLayer({ kind: 'cross', layer: 5 }, [shallow, deep])).toBe(5);
    expect(fittingLayer({ kind: 'cross', layer: 6 }, [shallow, deep])).toBe('mean');
    expect(fittingLayer({ kind: 'cross', layer: 'mean' }, [shallow])).toBe('mean');
    expect(fittingLayer({ kind: 'cross', layer: 6 }, [none])).toBe(6);
  });
});

describe('the heads to choose from', () => {
  const few = { observation };
  const many = { observation: { ...observation, heads: 8 } };
  const none = { observation: null };

  it('are those of the model that has the most of those that have answered', () => {
    expect(mostHeads([few, many, none])).toBe(8);
    expect(mostHeads([none])).toBe(0);
  });

  it('leave those that one of the models has', () => {
    expect(fittingHeads([1, 7], [few, many])).toEqual([1, 7]);
    expect(fittingHeads([1, 7], [few])).toEqual([1]);
    expect(fittingHeads([1, 7], [none])).toEqual([1, 7]);
  });
});

describe('the caption', () => {
  const texts = {
    ...(Object.fromEntries(attentionTextNames.map((name) => [name, name])) as AttentionTexts),
    shownHead: 'head {0} of {1}',
    shownHeads: 'heads {0}',
    shownAllHeads: '{0} heads',
    shownMeanOfHeads: 'mean of {0} heads',
  };
  const four = { observation: { ...observation, heads: 4 } };
  const said = (change: Partial<ViewState>) =>
    /, (.*)\. rowsSum/.exec(caption({ texts, state: { view: { ...initialView, ...change } } }, four))?.[1];

  it('tells which heads are shown', () => {
    expect(said({ view: 'grid', heads: [6] })).toBe('4 heads');
    expect(said({ view: 'heads' })).toBe('4 heads');
    expect(said({ view: 'heads', heads: [1] })).toBe('head 2 of 4');
    expect(said({ view: 'heads', heads: [1, 3] })).toBe('heads 2, 4');
    expect(said({ view: 'alignment' })).toBe('mean of 4 heads');
    expect(said({ view: 'alignment', heads: [1, 3] })).toBe('mean of 2 heads');
  });

  it('tells of none that another model has alone', () => {
    expect(said({ view: 'alignment', heads: [1, 6] })).toBe('head 2 of 4');
    expect(said({ view: 'alignment', heads: [1, 2, 6] })).toBe('mean of 2 heads');
    expect(said({ view: 'heads', heads: [1, 2, 6] })).toBe('heads 2, 3');
  });
});

describe('what is pointed at', () => {
  const token = { side: 'source', index: 1 } as const;
  const slot = { observation };
  const other = { observation: { ...observation } };

  it('is one token, told of in each slot', () => {
    const pointing = new Pointing();
    pointing.keepTo([slot, slot]);
    expect([pointing.point(token), pointing.point({ ...token }), pointing.point(null)]).toEqual([
      true,
      false,
      true,
    ]);
    pointing.tell(1, 'much');
    expect([...pointing.told]).toEqual([[1, 'much']]);
  });

  it('goes with the observation that it is of', () => {
    const pointing = new Pointing();
    pointing.keepTo([slot, slot]);
    pointing.point(token);
    pointing.tell(0, 'much');
    pointing.tell(1, 'more');
    pointing.keepTo([slot, slot]);
    expect([pointing.token, pointing.told.size]).toEqual([token, 2]);
    pointing.keepTo([slot, other]);
    expect(pointing.token).toBeNull();
    expect([...pointing.told]).toEqual([[0, 'much']]);
    pointing.keepTo([{ observation: null }]);
    expect(pointing.told.size).toBe(0);
  });
});

describe('the door', () => {
  const weights = attentionDoor.requests.attention.reply;

  it('lets whole weights through as the very numbers that they are', () => {
    const values = Float32Array.of(0.25, 0.75);
    const parsed = v.parse(weights, { heads: 1, queries: 1, keys: 2, weights: values });
    expect(parsed.weights).toBe(values);
  });

  it.each([
    ['too few', { heads: 1, queries: 1, keys: 3, weights: Float32Array.of(0.25, 0.75) }],
    ['as JSON', { heads: 1, queries: 1, keys: 2, weights: [0.25, 0.75] }],
    ['of another precision', { heads: 1, queries: 1, keys: 2, weights: Float64Array.of(0.25, 0.75) }],
    ['with a negative size', { heads: -1, queries: 1, keys: -2, weights: Float32Array.of(0.25, 0.75) }],
  ])('lets no weights through that are %s', (_name, reply) => {
    expect(v.safeParse(weights, reply).success).toBe(false);
  });

  it('lets no text through that is longer than what can be looked at', () => {
    const asked = attentionDoor.requests.observe.parameters;
    expect(v.safeParse(asked, { text: 'x'.repeat(10_000) }).success).toBe(true);
    expect(v.safeParse(asked, { text: 'x'.repeat(10_001) }).success).toBe(false);
    expect(v.safeParse(asked, { text: 'x', target: 'x'.repeat(40_000) }).success).toBe(true);
    expect(v.safeParse(asked, { text: 'x', target: 'x'.repeat(40_001) }).success).toBe(false);
    expect(v.safeParse(asked, { text: 'x', folder: 7 }).success).toBe(false);
  });

  it('has no text twice', () => {
    expect(new Set(attentionTextNames).size).toBe(attentionTextNames.length);
  });
});
