/** The attention page’s session, with a host that is slow, loses what it knew, and cancels what nobody has cancelled. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MessageBus } from '../../../webview/components/messageBus';
import { attentionDoor, type Observation, type Segment } from '../../../webview/attention/messages';
import { AttentionSession } from '../../../webview/attention/session';
import { initialView, type ViewState } from '../../../webview/attention/viewState';
import { PlayedHost } from './playedHost';
import { someObservation } from './someObservation';

const [segment] = someObservation.segments as [Segment];
const observation: Observation = {
  ...someObservation,
  segments: [{ ...segment, alternatives: [{ text: 'a', score: -1 }] }],
};
const weights = { heads: 1, queries: 1, keys: 1, weights: Float32Array.of(1) };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(view: Partial<ViewState> = {}): { host: PlayedHost; session: AttentionSession } {
  const host = new PlayedHost({ ...initialView, ...view });
  const bus = new MessageBus(host, attentionDoor, 'That was not understood.');
  return { host, session: new AttentionSession(bus, host, () => undefined) };
}

/** A page that shows a text, with its observation there and its weights still to come. */
async function opened(view: Partial<ViewState> = {}) {
  const page = open({ text: 'a', ...view });
  void page.session.start();
  await page.host.reply('start', { shown: null, models: [] });
  await page.host.reply('observe', observation);
  return page;
}

async function answerWeights(host: PlayedHost): Promise<void> {
  while (host.waiting('attention') > 0) await host.reply('attention', weights);
}

const failures = ({ state }: AttentionSession) => state.slots.map(({ failure }) => failure);
const textsAsked = (host: PlayedHost) =>
  host.asked('observe').map((asked) => (asked as { text: string }).text);

describe('an observation that the engine has lost', () => {
  it('is asked for anew, and what was fetched of it before is fetched again', async () => {
    const { host, session } = await opened();
    await answerWeights(host);
    session.choose({ kind: 'encoder' });
    await host.refuse('attention', 'user');
    expect(session.state.slots[0]).toMatchObject({ busy: true, failure: null });
    await host.reply('observe', { ...observation, observation: 2 });
    await answerWeights(host);
    session.choose({ kind: 'cross' });
    await answerWeights(host);
    expect(host.asked('attention').slice(-2)).toEqual([
      { observation: 2, segment: 0, kind: 'cross', layer: 0 },
      { observation: 2, segment: 0, kind: 'cross', layer: 1 },
    ]);
    expect([...session.state.slots[0]!.weights.keys()]).toEqual([
      '0/encoder/0',
      '0/encoder/1',
      '0/cross/0',
      '0/cross/1',
    ]);
  });

  it('is asked for anew whenever it is lost', async () => {
    const { host, session } = await opened();
    for (let lost = 1; lost <= 3; lost++) {
      await answerWeights(host);
      session.choose({ kind: lost % 2 === 1 ? 'encoder' : 'cross' });
      await host.refuse('attention', 'user');
      await host.reply('observe', { ...observation, observation: 1 + lost });
    }
    await answerWeights(host);
    expect(failures(session)).toEqual([null]);
    expect(host.asked('observe')).toHaveLength(4);
  });

  it('is asked for once, however many of its parts fail at once', async () => {
    const { host, session } = await opened();
    expect(host.waiting('attention')).toBe(2);
    await host.refuseAll('attention', 'user');
    expect(host.asked('observe')).toHaveLength(2);
    expect(failures(session)).toEqual([null]);
    await host.reply('observe', { ...observation, observation: 2 });
    await answerWeights(host);
    expect(session.state.slots[0]!.weights.size).toBe(2);
  });

  it('is not asked for again and again where a part never comes', async () => {
    const { host, session } = await opened();
    await host.reply('attention', weights);
    await host.refuse('attention', 'user');
    await host.reply('observe', observation);
    await host.reply('attention', weights);
    await host.refuse('attention', 'user', 'There is no such layer.');
    expect(failures(session)).toEqual(['There is no such layer.']);
    expect(host.asked('observe')).toHaveLength(2);
    void session.retry();
    await host.reply('start', { shown: null, models: [] });
    expect(session.state.slots[0]).toMatchObject({ busy: true, failure: null });
  });
});

describe('what is cancelled', () => {
  it('is told where the page has not cancelled it', async () => {
    const { host, session } = open({ text: 'a' });
    void session.start();
    await host.reply('start', { shown: null, models: [] });
    await host.refuse('observe', 'cancelled', 'The engine is being closed.');
    expect(session.state.slots[0]).toMatchObject({ busy: false, failure: 'The engine is being closed.' });
  });

  it('is asked for again where it was of an observation', async () => {
    const { host } = await opened();
    await host.refuse('attention', 'cancelled');
    expect(host.waiting('observe')).toBe(1);
  });

  it('is not told where the page asks for something else instead', async () => {
    const { host, session } = open();
    void session.start();
    await host.reply('start', { shown: null, models: [] });
    await host.tell('shown', { text: 'a' });
    await host.tell('shown', { text: 'b' });
    expect(textsAsked(host)).toEqual(['a', 'b']);
    expect(session.state.slots[0]).toMatchObject({ busy: true, failure: null });
  });
});

describe('the start', () => {
  it('is not over before the host has told what to begin with', async () => {
    const { host, session } = open();
    void session.start();
    expect(session.state.started).toBe(false);
    await host.reply('start', { shown: { text: 'first' }, models: [] });
    expect(session.state).toMatchObject({ started: true, view: { text: 'first' } });
  });

  it('does not bring back a text in whose place another one was shown meanwhile', async () => {
    const { host, session } = open();
    void session.start();
    await host.tell('shown', { text: 'second' });
    await host.reply('start', { shown: { text: 'first' }, models: [] });
    expect(session.state.view.text).toBe('second');
    expect(textsAsked(host)).toEqual(['second']);
    expect(host.waiting('observe')).toBe(1);
  });

  it('leaves the person what they have typed meanwhile', async () => {
    const { host, session } = open();
    void session.start();
    session.type('typed');
    await host.reply('start', { shown: { text: 'first' }, models: [] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(textsAsked(host)).toEqual(['typed']);
  });

  it('that failed can be tried again, and shows what the host has kept', async () => {
    const { host, session } = open();
    void session.start();
    await host.refuse('start', 'cancelled', 'The engine is being closed.');
    expect(failures(session)).toEqual(['The engine is being closed.']);
    void session.retry();
    expect(session.state).toMatchObject({ started: false, slots: [{ failure: null }] });
    await host.reply('start', { shown: { text: 'first' }, models: [] });
    expect(textsAsked(host)).toEqual(['first']);
  });
});

describe('two models of different depth', () => {
  const deeper = { ...observation, observation: 2, encoderLayers: 3, decoderLayers: 3 };

  it.each([
    ['the shallower', observation, deeper],
    ['the deeper', deeper, observation],
  ])('keep a layer that one of them has, when %s answers first', async (_name, first, second) => {
    const { host, session } = open({ text: 'a', models: ['/m', '/n'], view: 'alignment', layer: 2 });
    void session.start();
    await host.reply('start', { shown: null, models: [] });
    await host.reply('observe', first);
    await host.reply('observe', second);
    expect(session.state.view.layer).toBe(2);
    // The one that does not have it is not asked for it.
    expect(host.asked('attention')).toEqual([{ observation: 2, segment: 0, kind: 'cross', layer: 2 }]);
  });

  it('show the mean of the layers where neither has the layer', async () => {
    const { host, session } = open({ text: 'a', models: ['/m', '/n'], view: 'alignment', layer: 3 });
    void session.start();
    await host.reply('start', { shown: null, models: [] });
    await host.reply('observe', deeper);
    expect(session.state.view.layer).toBe(3);
    await host.refuse('observe', 'user');
    expect(session.state.view.layer).toBe('mean');
    expect(host.asked('attention')).toEqual([{ observation: 2, segment: 0, kind: 'cross', layer: 'mean' }]);
  });
});

describe('two models with different numbers of heads', () => {
  const fewer = { ...observation, heads: 4 };
  const more = { ...observation, observation: 2, heads: 8 };
  const compare = async (first: Observation, second: Observation, heads: number[]) => {
    const page = open({ text: 'a', models: ['/m', '/n'], view: 'alignment', layer: 0, heads });
    void page.session.start();
    await page.host.reply('start', { shown: null, models: [] });
    await page.host.reply('observe', first);
    await page.host.reply('observe', second);
    return page;
  };

  it.each([
    ['that with fewer', fewer, more],
    ['that with more', more, fewer],
  ])('keep a head that one of them has, when %s answers first', async (_name, first, second) => {
    const { host, session } = await compare(first, second, [6]);
    expect(session.state.view.heads).toEqual([6]);
    // The one that does not have it is not asked for anything.
    expect(host.asked('attention')).toEqual([{ observation: 2, segment: 0, kind: 'cross', layer: 0 }]);
    await answerWeights(host);
    session.force('b', 'now');
    await host.reply('observe', { ...first, observation: 3 });
    expect(session.state.view.heads).toEqual([6]);
  });

  it('keep no head that neither of them has', async () => {
    const { session } = await compare(fewer, fewer, [1, 6]);
    expect(session.state.view.heads).toEqual([1]);
  });
});

describe('an answer that failed', () => {
  it('leaves nothing of the one before to be taken for it', async () => {
    const { host, session } = await opened();
    session.type('b');
    await vi.advanceTimersByTimeAsync(1000);
    // Until it is known, what was there stays in sight, as of the text that it is of.
    expect(session.state.slots[0]).toMatchObject({ busy: true, observation, text: 'a' });
    await host.refuse('observe', 'engine', 'The engine stopped.');
    expect(session.state.slots[0]).toMatchObject({
      failure: 'The engine stopped.',
      text: '',
      observation: null,
      own: null,
    });
    expect(session.state.slots[0]!.weights.size).toBe(0);
    void session.retry();
    await host.reply('start', { shown: null, models: [] });
    expect(session.state.slots[0]).toMatchObject({ busy: true, observation: null });
  });

  it('of a given translation leaves what the model says of its own accord', async () => {
    const { host, session } = await opened();
    session.takeAlternative('b');
    await host.refuse('observe', 'engine');
    expect(session.state.slots[0]).toMatchObject({ observation: null, own: observation });
  });
});

it('what the model says of its own accord stays while it looks at another translation', async () => {
  const { host, session } = await opened();
  session.takeAlternative('b');
  const given = { ...observation, observation: 2, translation: 'b' };
  await host.reply('observe', given);
  expect(session.state.slots[0]).toMatchObject({ observation: given, own: observation });
  session.force(null, 'now');
  const own = { ...observation, observation: 3 };
  await host.reply('observe', own);
  expect(session.state.slots[0]).toMatchObject({ observation: own, own });
});
